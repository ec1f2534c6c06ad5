"""The pages of docs/sources are what the profiles say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from cibgraph.sourcepages import PAGES, pages
from ingest.profiles import PROFILES
from ingest.profiles.describe import prose

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", PROFILES)
def test_the_module_says_for_users_what_the_source_is(name: str) -> None:
    assert len(prose(PROFILES[name])) > 100, (
        f"the docstring of ingest/profiles/{name}.py becomes docs/sources/{name}.md: say there what the "
        "source is, how one gets it, and what is decided in reading it"
    )


def test_pages_are_up_to_date() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / PAGES).glob("*.md")}
    made = pages(ROOT)
    old = sorted(name for name in made.keys() | written.keys() if made.get(name) != written.get(name))
    assert not old, f"{', '.join(old)} in docs/sources differ from the profiles; run: make docs"
