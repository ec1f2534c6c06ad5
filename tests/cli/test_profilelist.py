"""`cib load --list`."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cibgraph.main import cli
from ingest.profiles import PROFILES


@pytest.fixture(autouse=True)
def _in_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["load", *arguments])


def test_all_profiles_with_their_tables_and_without_a_workspace() -> None:
    rows = json.loads(call("--list", "--format", "json").stdout)
    assert {row["profile"]: row["tables"] for row in rows} == {
        name: list(profile.covers) for name, profile in PROFILES.items()
    }
    shown = call("--list").stdout
    assert all(profile.title in shown for profile in PROFILES.values())


def test_one_profile_with_its_columns() -> None:
    rows = list(csv.DictReader(io.StringIO(call("--list", "coortweet", "--format", "csv").stdout)))
    assert {(row["table"], row["column"]): row["made_of"] for row in rows} == {
        (table, column): text
        for table, columns in PROFILES["coortweet"].covers.items()
        for column, text in columns.items()
    }
    assert "One content may share several objects" in " ".join(call("--list", "coortweet").stdout.split())


def test_no_such_profile() -> None:
    result = call("--list", "nonsense")
    assert result.exit_code == 2
    assert "there is no profile 'nonsense'" in result.stderr
