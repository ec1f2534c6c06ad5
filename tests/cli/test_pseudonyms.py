"""`cib load --pseudonymise`: nothing that is kept can be read, and what is equal still joins."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest

from cibgraph.pseudonymkey import pseudonyms_of
from cibgraph.settings import Pseudonymised
from cibgraph.workspace import Workspace
from cypher.auditing import audit
from cypher.errors import UsageError
from cypher.session import Graph
from ingest.pseudonyms import ALL

from .conftest import Cib

pytestmark = pytest.mark.server

SECRETS = ("secret@mail.example", "555-0199", "5550199", "10.9.8.7", "Hidden Payer")
FIRST = (
    "asset_kind,asset_id,kind,value\n"
    "page,1,email,Secret@mail.example\n"
    "page,1,phone,+1 (202) 555-0199\n"
    "page,1,ip,10.9.8.7\n"
    "page,1,domain,public.example\n"
    "page,9,mail,secret@mail.example\n"
    "page,9,email,secret@mail.example,too,many\n"
)
SECOND = "asset_kind,asset_id,kind,value\npage,2,email,SECRET@mail.example\npage,2,phone,0012025550199\n"
ADS = (
    "id,page_id,payer,beneficiary,disclaimer,currency,spend_lower\n"
    "1,1,Hidden Payer,HIDDEN  payer,Paid for by Hidden Payer,USD,1\n"
    "2,2,hidden payer,,,USD,1\n"
    f"3,2,{'Hidden Payer' * 100},,,USD,1\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "more").mkdir(parents=True)
    (folder / "identifiers.csv").write_text(FIRST)
    (folder / "ads.csv").write_text(ADS)
    (folder / "more" / "identifiers.csv").write_text(SECOND)
    return folder


def everything(graph: Graph, workspace: Path) -> str:
    """All that is kept, as text: every property in the graph, every file of the workspace."""
    found = graph.driver.execute_query(
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    parts = [str(row["p"]) for row in found.records]
    for path in workspace.rglob("*"):
        if path.is_file() and path.name != "pseudonym.key":
            parts.append(path.read_bytes().decode(errors="replace"))
            if path.suffix == ".parquet":
                parts.append(str(pl.read_parquet(path).rows()))
    return "\n".join(parts)


def readable(graph: Graph, workspace: Path) -> list[str]:
    text = everything(graph, workspace).casefold()
    return [secret for secret in SECRETS if secret.casefold() in text]


def values(graph: Graph) -> dict[str, list[Any]]:
    rows = graph.driver.execute_query(
        "MATCH (a)-[:USES]->(i:Identifier) RETURN i.value AS value, collect(a.id) AS pages"
    ).records
    return {row["value"]: sorted(row["pages"]) for row in rows}


def test_nothing_can_be_read_and_equal_values_join_across_files_and_runs(
    cib: Cib, workspace: Path, graph: Graph, data: Path
) -> None:
    first = cib("load", "--pseudonymise", data / "identifiers.csv", data / "ads.csv")
    assert first.returncode == 3, first.stderr
    second = cib("load", "--pseudonymise", data / "more")
    assert second.returncode == 0, second.stderr
    assert readable(graph, workspace) == []
    found = values(graph)
    assert found.pop("public.example") == ["1"]
    assert all(value.startswith("hmac:") and len(value) == 37 for value in found)
    assert sorted(found.values()) == [["1"], ["1", "2"], ["1", "2"]]
    payers = graph.driver.execute_query(
        "MATCH (:Ad)-[:PAID_FOR_BY]->(p:Payer) RETURN count(DISTINCT p), count(*)"
    )
    assert payers.records[0].values() == [1, 3]
    assert audit(graph) == []

    key = workspace / ".cib" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text().strip()
    assert len(secret) == 64
    assert secret not in everything(graph, workspace) + first.stderr + first.stdout
    rejected = "".join(path.read_text() for path in (workspace / "rejected").iterdir())
    assert len(rejected.splitlines()) == 3
    assert "unchanged" in cib("load", "--pseudonymise", data / "more").stderr


def test_plain_and_hashed_and_two_keys_are_never_mixed(
    cib: Cib, workspace: Path, graph: Graph, data: Path
) -> None:
    assert cib("load", data / "more").returncode == 0
    mixed = cib("load", "--pseudonymise", data / "ads.csv")
    assert mixed.returncode == 2
    assert "was loaded with nothing hashed" in mixed.stderr
    assert "identifiers.csv" in mixed.stderr
    assert graph.driver.execute_query("MATCH (a:Ad) RETURN count(a)").records[0][0] == 0

    whole = cib("load", "--pseudonymise", data)
    assert whole.returncode == 3, whole.stderr
    assert "unchanged" not in whole.stderr
    assert readable(graph, workspace) == []

    (workspace / "cib.toml").write_text('[load]\npseudonymise = ["email"]\n')
    other = cib("load", data / "ads.csv")
    assert other.returncode == 2
    assert "this load would have hashed email" in other.stderr
    (workspace / "cib.toml").write_text("[load]\n")
    keyed = cib("load", "--pseudonymise", data / "ads.csv", CIB_PSEUDONYM_KEY="another key of some length")
    assert keyed.returncode == 2
    assert "another key" in keyed.stderr
    assert "of some length" not in keyed.stderr
    short = cib("load", "--pseudonymise", data, CIB_PSEUDONYM_KEY="short")
    assert short.returncode == 2
    assert "shorter than 16 bytes" in short.stderr


def test_settings_know_all_that_can_be_hashed() -> None:
    assert set(get_args(Pseudonymised)) == set(ALL)


def test_the_key_is_made_once_and_belongs_to_its_owner(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = pseudonyms_of(workspace, ("email",), {})
    workspace.pseudonym_key.chmod(0o644)
    assert pseudonyms_of(workspace, ("email",), {}) == first
    assert stat.S_IMODE(workspace.pseudonym_key.stat().st_mode) == 0o600
    assert pseudonyms_of(workspace, ("email",), {"CIB_PSEUDONYM_KEY": "x" * 16}).key == b"x" * 16
    assert pseudonyms_of(workspace, (), {}).mark == ""
    workspace.pseudonym_key.write_text("\n")
    with pytest.raises(UsageError, match="shorter than"):
        pseudonyms_of(workspace, ("email",), {})
