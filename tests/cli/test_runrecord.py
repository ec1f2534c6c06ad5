"""The record of a run: what it says, and when an earlier one can stand for a new one."""

import json
from pathlib import Path

import pytest

from cibgraph.runrecord import RunRecord, changes, hash_files, read_records
from cibgraph.workspace import Workspace

SETTINGS = {"detect": {"seed": 7}}
VERSIONS = {"python": "3"}


@pytest.fixture
def record(tmp_path: Path) -> RunRecord:
    return RunRecord.begin(Workspace(tmp_path), "run", SETTINGS, VERSIONS)


def test_record_is_on_disk_from_the_start(record: RunRecord) -> None:
    said = json.loads((record.folder / "run.json").read_text())
    assert said["status"] == "running"
    assert said["seed"] == 7
    assert record.folder.name == said["run"] == record.run


def test_stage_is_timed_even_if_it_fails(record: RunRecord) -> None:
    def work() -> None:
        with record.stage("load") as told:
            told["rows_in"] = 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    (stage,) = json.loads((record.folder / "run.json").read_text())["stages"]
    assert stage["name"] == "load"
    assert stage["rows_in"] == 3
    assert stage["seconds"] >= 0


def test_record_of_a_run_that_died_is_closed_by_the_next(tmp_path: Path, record: RunRecord) -> None:
    RunRecord.begin(Workspace(tmp_path), "run", SETTINGS, VERSIONS)
    assert json.loads((record.folder / "run.json").read_text())["status"] == "interrupted"
    assert sorted(found.data["status"] for found in read_records(Workspace(tmp_path))) == [
        "interrupted",
        "running",
    ]


def test_inputs_are_all_that_was_loaded_so_far(tmp_path: Path, record: RunRecord) -> None:
    record.add_inputs([{"source": "SRC-b", "rows_in": 1}, {"source": "SRC-a", "rows_in": 2}])
    record.finish("complete", 0)
    later = RunRecord.begin(Workspace(tmp_path), "load", SETTINGS, VERSIONS)
    later.add_inputs([{"source": "SRC-b", "rows_in": 9}])
    assert later.data["inputs"] == [{"source": "SRC-a", "rows_in": 2}, {"source": "SRC-b", "rows_in": 9}]


def test_damaged_record_is_left_out(tmp_path: Path, record: RunRecord) -> None:
    (record.folder / "run.json").write_text("{")
    assert read_records(Workspace(tmp_path)) == []


def test_what_makes_an_earlier_run_stale(tmp_path: Path, record: RunRecord) -> None:
    data, out = tmp_path / "data", tmp_path / "out.csv"
    data.mkdir()
    (data / "a.csv").write_text("id\n1\n")
    out.write_text("x\n")
    now = {"files": hash_files([data]), "settings": SETTINGS, "versions": VERSIONS}
    record.data["files"] = now["files"]
    record.add_outputs([out])
    assert changes(record, **now) == ["the last run was not completed"]
    record.finish("complete", 0)
    assert changes(record, **now) == []
    (data / "b.csv").write_text("id\n2\n")
    assert changes(record, **{**now, "files": hash_files([data])}) == ["1 input file changed"]
    assert changes(record, **{**now, "settings": {}}) == ["settings changed"]
    assert changes(record, **{**now, "versions": {"python": "4"}}) == ["versions changed"]
    assert changes(record, **{**now, "versions": {}}) == []
    out.write_text("y\n")
    assert changes(record, **now) == ["exported files are missing or were edited"]
    out.unlink()
    assert changes(record, **now) == ["exported files are missing or were edited"]
    record.data["command"] = "load"
    assert changes(record, **now) == ["`cib load` has run since"]
