"""A dashboard for NeoDash 2.4: ranking, countries, timeline, and an operation down to its evidence."""

from __future__ import annotations

import re
from typing import Any, Final

from cypher.library import names, query

#: Captions of nodes by label.
_CAPTIONS: Final = {
    **dict.fromkeys(("Account", "Page", "Group", "Payer", "Operation"), "name"),
    **dict.fromkeys(("Url", "Domain", "Text", "Hashtag", "Image"), "key"),
    "Identifier": "kind",
    "Ad": "currency",
    "Post": "at",
}
#: NeoDash names the parameter that a selector of `Operation.id` sets after both.
_NAMES: Final = {"operation": "operation_id"}

#: By page: query, kind of report, place (x, y, width, height; a page is 24 wide), columns of a chart.
_PAGES: Final[dict[str, list[tuple[str, str, tuple[int, int, int, int], dict[str, str]]]]] = {
    "Ranking": [
        ("operations_ranked", "table", (0, 0, 24, 6), {}),
        ("what_changed", "table", (0, 6, 12, 4), {}),
        ("decisions", "table", (12, 6, 12, 4), {}),
    ],
    "Operation": [
        ("why_an_operation", "table", (6, 0, 18, 4), {}),
        ("operation_drawn", "graph", (0, 4, 12, 6), {}),
        ("countries_mapped", "areamap", (12, 4, 12, 6), {"index": "country", "value": "number"}),
        ("ads_by_month", "bar", (0, 10, 12, 4), {"index": "month", "value": "ads", "key": "currency"}),
        ("posts_by_month", "bar", (12, 10, 12, 4), {"index": "month", "value": "posts"}),
        ("operation_members", "table", (0, 14, 24, 5), {}),
    ],
    "Evidence": [
        ("what_they_pushed", "table", (0, 0, 24, 5), {}),
        ("evidence_drawn", "graph", (0, 5, 12, 6), {}),
        ("edges_drawn", "graph", (12, 5, 12, 6), {}),
        ("at_which_hours", "bar", (0, 11, 12, 4), {"index": "hour_utc", "value": "posts"}),
        ("who_stands_near", "table", (12, 11, 12, 4), {}),
    ],
}
_SELECTOR: Final[dict[str, Any]] = {
    "id": "operation",
    "title": "Operation (empty: the one ranked first)",
    "query": "MATCH (n:`Operation`)\nWHERE toLower(toString(n.`id`)) CONTAINS toLower($input)\n"
    "RETURN DISTINCT n.`id` AS value, n.`id` AS display, n.rank AS rank\nORDER BY rank LIMIT 25",
    "type": "select",
    "x": 0,
    "y": 0,
    "width": 6,
    "height": 4,
    "selection": {},
    "settings": {
        "type": "Node Property",
        "entityType": "Operation",
        "propertyType": "id",
        "parameterName": "neodash_operation_id",
    },
    "schema": [],
}


def dashboard() -> dict[str, Any]:
    """Return the dashboard, as NeoDash loads it from JSON; its queries are those of Neo4j Browser."""
    return {
        "title": "Coordinated operations",
        "version": "2.4",
        "settings": {
            "pagenumber": 0,
            "editable": True,
            "fullscreenEnabled": True,
            "downloadImageEnabled": False,
            "queryTimeLimit": 20,
            "parameters": {
                f"neodash_{_NAMES.get(name, name)}": value
                for path in names("browser")
                for name, value in query(path).parameters.items()
            },
        },
        "pages": [
            {
                "title": title,
                "reports": [_SELECTOR] * (title == "Operation") + [_report(*report) for report in reports],
            }
            for title, reports in _PAGES.items()
        ],
        "parameters": {},
        "extensions": {"active": True, "activeReducers": [], "advanced-charts": {"active": True}},
    }


def _report(
    name: str, kind: str, place: tuple[int, int, int, int], columns: dict[str, str]
) -> dict[str, Any]:
    found = query(f"browser/{name}")
    x, y, width, height = place
    chart = {"index": "", "value": "", "key": "(none)"} | columns if columns else {}
    return {
        "id": name,
        "title": found.title,
        "query": re.sub(r"\$(\w+)", lambda m: f"$neodash_{_NAMES.get(m[1], m[1])}", found.text),
        "type": kind,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "selection": _CAPTIONS if kind == "graph" else chart,
        "settings": {"description": found.description},
        "schema": [],
    }
