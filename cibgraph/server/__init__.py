"""The embedded Neo4j server: installed once a user, started once a workspace."""

from cibgraph.server.life import RunningServer, ensure_running, launch, start, stop
from cibgraph.server.logs import follow, log_tail
from cibgraph.server.overview import Status, status

__all__ = [
    "RunningServer",
    "Status",
    "ensure_running",
    "follow",
    "launch",
    "log_tail",
    "start",
    "status",
    "stop",
]
