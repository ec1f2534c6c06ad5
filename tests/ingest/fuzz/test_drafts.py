"""Drafts of mappings for every format, and loads by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cibgraph.main import cli
from cypher.errors import CibError
from ingest.mapping import read_mapping

from .checking import load_all
from .hostile import CONTAINERS, WRITERS

EVERY = WRITERS | CONTAINERS


@pytest.mark.parametrize("ending", EVERY)
def test_a_draft_for_every_format(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(f"export{ending}")
    path.write_bytes(
        EVERY[ending](("page id", "page name", "fans"), [("7", "City", "12"), ("8", "Town", "13")])
    )
    drafted = CliRunner().invoke(cli, ["load", "--suggest", str(path), "-o", "map.yaml"])
    assert drafted.exit_code == 0, drafted.stderr
    assert "check every line" in drafted.stderr
    outcome = load_all([path], read_mapping(Path("map.yaml")))
    assert not isinstance(outcome, CibError)
    (one,) = outcome
    assert one.rejects == []
    found = one.tables["pages"].select("platform", "id", "name", "followers").rows()
    assert found == [("facebook", "7", "City", 12), ("facebook", "8", "Town", 13)]
