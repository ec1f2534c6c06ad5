"""Who has handed a Page over is not of those who have it now."""

from __future__ import annotations

import polars as pl

from analytics.communities import find_communities
from analytics.population import ADMINS
from analytics.settings import DetectSettings
from cypher.session import Graph

#: Page, administrator, day of coming and of leaving; 0: not told.
TENURES = [
    ("bought", "owner", 1, 100),
    ("bought", "buyer", 96, 0),
    # Comes and goes after them: an operation's own change of staff leaves those who were there together.
    ("bought", "helper", 120, 150),
    ("firm", "left", 1, 100),
    ("firm", "stays", 50, 0),
    ("kept", "founder", 1, 0),
    ("kept", "second", 90, 0),
    ("given_up", "last", 1, 100),
    ("untold", "before", 1, 100),
    ("untold", "unknown", 0, 0),
]


def test_who_left_when_others_came_holds_nothing_together(graph: Graph) -> None:
    graph.driver.execute_query(
        """
        UNWIND $tenures AS tenure
        MERGE (p:Asset:Page {key: tenure[0]})
        MERGE (a:Asset:Account {key: tenure[1]})
        CREATE (a)-[tie:ADMINISTERS]->(p)
        SET tie.since = CASE WHEN tenure[2] > 0 THEN datetime('2024-01-01') + duration({days: tenure[2]}) END,
            tie.until = CASE WHEN tenure[3] > 0 THEN datetime('2024-01-01') + duration({days: tenure[3]}) END
        """,
        tenures=[list(tenure) for tenure in TENURES],
    )
    now = {(account, page) for page, account, _, _ in TENURES} - {("owner", "bought")}
    assert set(graph.read_frame("operations/admins", ADMINS).iter_rows()) == now
    links = find_communities(graph, DetectSettings(), "RUN-1").links
    ties = links.filter(pl.col("type") == "ADMINISTERS").select("source", "target")
    assert {tuple(sorted(tie)) for tie in ties.iter_rows()} == {tuple(sorted(tie)) for tie in now}
