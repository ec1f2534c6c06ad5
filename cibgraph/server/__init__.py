"""The embedded Neo4j server: installed once a user, started once a workspace."""

from cibgraph.server.life import RunningServer, Status, ensure_running, start, status, stop
from cibgraph.server.logs import follow, log_tail

__all__ = ["RunningServer", "Status", "ensure_running", "follow", "log_tail", "start", "status", "stop"]
