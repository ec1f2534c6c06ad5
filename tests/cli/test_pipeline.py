"""The whole way on a real server: init, load, detect, rank, show, export, run."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from analytics.settings import DetectSettings
from cypher.session import Graph

from .conftest import PLANTED, Cib

pytestmark = pytest.mark.server


def test_from_files_to_exports(cib: Cib, dataset: Path, workspace: Path) -> None:
    loaded = cib("load", "--format", "csv", dataset)
    assert loaded.returncode == 0, loaded.stderr
    *tables, total = csv.DictReader(io.StringIO(loaded.stdout))
    assert {row["file"]: int(row["loaded"]) for row in tables} == {
        "accounts.csv": 128,
        "admins.csv": 12,
        "pages.csv": 6,
        "posts.csv": 120 * 6 + 12 * 8,
    }
    for row in [*tables, total]:
        assert int(row["rows_in"]) == int(row["loaded"]) + int(row["merged"]) + int(row["rejected"])

    again = cib("load", dataset)
    assert again.returncode == 0
    assert again.stderr.count("unchanged since it was loaded") == 4

    detected = cib("detect", "--format", "json")
    assert detected.returncode == 0, detected.stderr
    assert "co_url" in {row["layer"] for row in json.loads(detected.stdout)}

    ranked = cib("rank", "--all", "--format", "json")
    assert ranked.returncode == 0, ranked.stderr
    operations = json.loads(ranked.stdout)
    assert operations[0]["rank"] == 1
    name = operations[0]["operation"]

    shown = cib("show", name, "--format", "json")
    assert shown.returncode == 0, shown.stderr
    story = json.loads(shown.stdout)
    accounts = {member["id"] for member in story["members"] if member["kind"] == "account"}
    assert accounts == set(PLANTED)
    bits = [signal["bits"] for signal in story["signals"] if signal["bits"] is not None]
    assert sum(bits) == pytest.approx(story["operation"]["score"], abs=0.01)

    text = cib("show", "1").stdout
    assert name in text
    assert f"{story['operation']['score']:+8.2f}  in all" in text
    assert story["summary"] in text

    exported = cib("export", "--all", "--format", "csv", "--format", "xlsx", "--out", "out")
    assert exported.returncode == 0, exported.stderr
    files = [Path(line) for line in exported.stdout.splitlines()]
    assert all(file.is_file() and file.parent == workspace / "out" for file in files)
    with (workspace / "out" / "members.csv").open(encoding="utf-8-sig") as file:
        members = [row for row in csv.DictReader(file) if row["operation_id"] == name]
    assert {row["id"] for row in members if row["kind"] == "account"} == set(PLANTED)


def test_run_twice_changes_nothing_and_says_so(
    cib: Cib, dataset: Path, workspace: Path, graph: Graph
) -> None:
    (workspace / "cib.toml").write_text(
        '[inputs]\npaths = ["../data"]\n[rank]\nalert_threshold = 0.0\n[export]\nformats = ["csv"]\n'
    )
    first = cib("run")
    assert first.returncode == 0, first.stderr
    (record,) = _records(workspace)
    assert record["status"] == "complete"
    assert record["exit_code"] == 0
    assert [stage["name"] for stage in record["stages"]] == ["load", "detect", "rank", "export"]
    steps = {step["name"] for stage in record["stages"] for step in stage["steps"]}
    assert {"read posts.csv", "Layer co_url, 60 s", "Layer shared_admin", "Communities: refined"} <= steps
    assert "where the time went" in first.stderr
    told = ("Communities: refined", "Ranking: signals of what was joined", "Export: results are read")
    assert [name for name in told if f"{name}\n" not in first.stderr] == []
    assert {"python", "neo4j", "server", "gds", "cibgraph"} <= record["versions"].keys()
    assert {Path(source["path"]).name for source in record["inputs"]} == {p.name for p in dataset.iterdir()}
    assert all(re.fullmatch("[0-9a-f]{64}", source["sha256"]) for source in record["inputs"])
    assert re.fullmatch(r"RUN-\d{8}T\d{6}Z-[0-9a-f]{4}", record["run"])
    before = _fingerprint(graph), _files(workspace / "results")
    assert before[1]

    second = cib("run")
    assert second.returncode == 0
    assert f"nothing changed since {record['run']}" in second.stderr
    assert second.stdout == ""
    assert len(_records(workspace)) == 1
    assert (_fingerprint(graph), _files(workspace / "results")) == before

    (workspace / "results" / "members.csv").unlink()
    mended = cib("run")
    assert mended.returncode == 0
    assert "exported files are missing" in mended.stderr
    after = _files(workspace / "results")
    for table in ("members.csv", "edges.csv", "evidence.csv", "signals.csv"):
        assert after[table] == before[1][table], table

    batch = ["id,author_kind,author_id,created_at,text"]
    batch += [
        f"n{night}{who},account,{who},2019-05-0{night}T12:00:00Z,What {night} nights said before said again"
        for night in (1, 2)
        for who in ("p0", "p1")
    ]
    (dataset / "more.csv").write_text("\n".join(batch) + "\n")
    with (workspace / "cib.toml").open("a") as settings:
        settings.write("redact = true\n")
    changed = cib("run", "--format", "json")
    assert changed.returncode == 0
    assert "1 input file changed" in changed.stderr
    assert json.loads(changed.stdout)[0]["summary"]
    # What is written to be shared names nobody; whoever runs it reads what was found.
    assert "[redacted]" not in changed.stdout
    assert not any(
        f",{planted}," in _files(workspace / "results")["members.csv"].decode() for planted in PLANTED
    )
    assert set(_taken_over(workspace)) == set(DetectSettings().layers) - {"co_text", "co_similar_text"}
    names = ("edges.parquet", "evidence.parquet", "layers.json")
    kept = {name: (workspace / ".cib" / "layers" / name).read_bytes() for name in names}
    assert cib("detect", "--full").returncode == 0
    assert _taken_over(workspace) == []
    assert {name: (workspace / ".cib" / "layers" / name).read_bytes() for name in names} == kept


def _taken_over(workspace: Path) -> list[str]:
    """Return the layers that the latest detection took over from the one before."""
    latest = max(_records(workspace), key=lambda record: record["started_at"])
    (told,) = (stage["taken_over"] for stage in latest["stages"] if stage["name"] == "detect")
    return list(told)


def test_what_it_wrote_is_no_input(cib: Cib, workspace: Path) -> None:
    (workspace / "pages.csv").write_text("id,name,followers\n1,One,10\n2,Two,many\n")
    (workspace / "cib.toml").write_text('[inputs]\npaths = ["."]\n[export]\nformats = ["csv"]\n')
    first = cib("run")
    assert first.returncode == 3, first.stderr
    assert cib("export", "--format", "csv", "--out", "elsewhere").returncode == 0
    assert (workspace / "elsewhere" / "members.csv").is_file()
    again = cib("run")
    assert again.returncode == 3, again.stderr
    (latest, *_) = sorted(_records(workspace), key=lambda record: record["started_at"], reverse=True)
    assert {Path(path).name for path in latest["files"]} == {"cib.toml", "pages.csv"}
    # Rows are still rejected when nothing has changed: a schedule must not take that for mended.
    unchanged = cib("run")
    assert "nothing changed since" in unchanged.stderr
    assert unchanged.returncode == 3


def test_operations_keep_their_ids(cib: Cib, dataset: Path, workspace: Path) -> None:
    (workspace / "cib.toml").write_text(
        '[inputs]\npaths = ["../data"]\n[rank]\nalert_threshold = 0.0\n[export]\nformats = ["csv"]\n'
    )
    first = json.loads(cib("run", "--format", "json").stdout)
    second = json.loads(cib("run", "--force", "--format", "json").stdout)
    assert [row["operation"] for row in first] == [row["operation"] for row in second] != []

    told = json.loads(cib("diff", "--format", "json").stdout)
    assert {row["operation_id"]: row["status"] for row in told["changes"]} == {
        row["operation"]: "unchanged" for row in first
    }
    name = first[0]["operation"]
    note = "one club\x1b[31m"
    decided = cib("decide", 1, "--verdict", "dismissed", "--by", "Ada", "--note", note)
    assert decided.returncode == 0, decided.stderr
    assert name in decided.stdout
    assert "\x1b" not in decided.stdout
    # What was decided is a change, and what it dismissed is no alert.
    third = cib("run", "--format", "json")
    assert "decisions or watched assets changed" in third.stderr
    assert "1 dismissed operation stays quiet" in third.stderr
    assert [row["operation"] for row in json.loads(third.stdout)] == [
        row["operation"] for row in first if row["operation"] != name
    ]
    assert cib("decide", "--format", "json").stdout.count(note.replace("\x1b", "\\u001b")) == 1
    assert "dismissed" in cib("show", name).stdout
    assert cib("decide", "OP-NONE", "--verdict", "watch", "--by", "Ada").returncode == 2


def test_query_runs_read_only(cib: Cib, dataset: Path) -> None:
    assert cib("load", dataset / "pages.csv").returncode == 0
    found = cib("query", "find_by_name", "--param", "text=Page", "--format", "json")
    assert found.returncode == 0, found.stderr
    assert len(json.loads(found.stdout)) == 6
    wrong = cib("query", "find_by_name", "--param", "colour=red")
    assert wrong.returncode == 2
    assert "no parameter colour" in wrong.stderr
    assert cib("query", "no_such_query").returncode == 2
    assert cib("query", "load/accounts").returncode != 0


def _records(workspace: Path) -> list[dict]:
    return [json.loads(file.read_text()) for file in sorted((workspace / ".cib" / "runs").glob("*/run.json"))]


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _fingerprint(graph: Graph) -> list[tuple]:
    records, _, _ = graph.driver.execute_query(
        "MATCH (n) WHERE NOT n:Migration "
        "RETURN labels(n) AS labels, properties(n) AS properties, COUNT { (n)--() } AS degree"
    )
    return sorted(
        (str(row["labels"]), str(sorted(row["properties"].items())), row["degree"]) for row in records
    )
