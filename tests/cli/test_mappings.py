"""`cib load --suggest` and `cib load --map`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cypher.session import Graph

from .conftest import Cib

pytestmark = pytest.mark.server

EXPORT = (
    "Post Id,Channel,Posted,Message,Mood\n"
    "1,44,01/04/2019 14:00,Vote for the city today,odd\n"
    "2,44,28/04/2019 14:00,Vote again for the city,\n"
    "3,,28/04/2019 14:01,Nobody,\n"
)


def test_a_draft_is_written_loaded_and_loaded_again_when_it_changes(
    cib: Cib, workspace: Path, graph: Graph
) -> None:
    (workspace / "export.csv").write_text(EXPORT)
    unknown = cib("load", "export.csv")
    assert unknown.returncode == 2
    assert "cib load --suggest export.csv" in unknown.stderr
    assert cib("load", "--suggest", "export.csv").stdout.startswith("# A draft")
    drafted = cib("load", "--suggest", "export.csv", "-o", "map.yaml")
    assert (drafted.returncode, drafted.stdout) == (0, "")
    assert "cib load --map map.yaml export.csv" in drafted.stderr
    again = cib("load", "--suggest", "export.csv", "-o", "map.yaml")
    assert again.returncode == 2
    assert "is there already" in again.stderr

    loaded = cib("load", "--map", "map.yaml", "--format", "json", "export.csv")
    assert loaded.returncode == 3, loaded.stderr
    total = json.loads(loaded.stdout)[-1]
    assert (total["rows_in"], total["loaded"], total["merged"], total["rejected"]) == (3, 2, 0, 1)
    found = graph.driver.execute_query("MATCH (a:Account) RETURN a.key AS key").records
    assert [row["key"] for row in found] == ["facebook:account:44"]

    assert "unchanged" in cib("load", "--map", "map.yaml", "export.csv").stderr
    text = (workspace / "map.yaml").read_text()
    (workspace / "map.yaml").write_text(text.replace("facebook", "vk"))
    assert "unchanged" not in cib("load", "--map", "map.yaml", "export.csv").stderr
    wrong = cib("load", "--map", "map.yaml", "--as", "coortweet", "export.csv")
    assert wrong.returncode == 2
    (workspace / "map.yaml").write_text(text.replace("author_id", "author"))
    wrong = cib("load", "--map", "map.yaml", "export.csv")
    assert wrong.returncode == 2
    assert "map.yaml, line " in wrong.stderr
    assert "posts has no column 'author'" in wrong.stderr
