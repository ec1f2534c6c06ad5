"""Canonical rows as tests of profiles compare them."""

from __future__ import annotations

from typing import Any


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return what the canonical table declares of a row."""
    return {name: value for name, value in row.items() if not name.startswith("x_") and name != "line"}
