"""Output: the same rows for people and programs, with nothing that steers a terminal or a spreadsheet."""

import csv
import gzip
import io
import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cibgraph.commands.detect import for_people
from cibgraph.output import print_rows
from cibgraph.progress import Reporter
from cypher.progress import silent, step, tell_share
from ingest.reading import streams

ROWS = [
    {
        "name": "=cmd()",
        "at": datetime(2019, 4, 1, 12, tzinfo=UTC),
        "n": 1234,
        "list": ["a", "b"],
        "none": None,
    },
    {"name": "red \x1b[31m\u202etxt\nnext", "at": None, "n": -5, "list": [], "none": None},
]
COLUMNS = ("name", "at", "n", "list", "none")


def test_table_is_one_line_a_row_without_controls(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([*ROWS, {"name": "x" * 500}], COLUMNS, "table")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "1,234" in out
    assert "2019-04-01 12:00:00" in out
    assert len([line for line in out.splitlines() if line.strip()]) == 2 + 3
    assert "x" * 500 in out


def test_markup_in_a_name_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"name": "[red]Page[/red]"}], ("name",), "table")
    assert "[red]Page[/red]" in capsys.readouterr().out


def test_json_gives_values_back_and_escapes_controls(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(ROWS, COLUMNS, "json")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    read = json.loads(out)
    assert read[0]["at"] == "2019-04-01T12:00:00+00:00"
    assert read[1]["name"] == ROWS[1]["name"]
    assert read[0]["none"] is None


def test_csv_reads_back_and_has_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(ROWS, COLUMNS, "csv")
    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert read[0]["name"] == "'=cmd()"
    assert read[0]["list"] == "a|b"
    assert read[1]["n"] == "-5"
    assert read[1]["name"] == ROWS[1]["name"]


def test_csv_on_a_terminal_does_not_steer_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_rows(ROWS, COLUMNS, "csv")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_notes_do_not_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report = Reporter()
    report("read \x1b]0;owned\x07.csv", 1, 1)
    report.say("columns kept: \x1b[2J\nnext")
    assert capsys.readouterr().err == "read  ]0;owned .csv: 1 of 1\ncolumns kept:  [2J\nnext\n"


def test_progress_off_a_terminal_is_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    report = Reporter()
    for done in range(0, 1001):
        report("read", done, 1000)
    report.say("note")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "read: 1,000 of 1,000\nnote\n"


def test_off_a_terminal_a_long_step_says_that_it_begins_and_a_longer_one_that_it_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    report = Reporter()
    for name, seconds in (("short", 1.0), ("long", 15.0)):
        with step(report, name):
            now[0] += seconds
    told = capsys.readouterr().err
    assert told == "short\nlong\nlong: done\n"
    for done in range(4):
        report("three", done, 3)
        now[0] += 8
    assert capsys.readouterr().err == "three\nthree: 2 of 3\n"


def test_quiet_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    report = Reporter()
    report.quiet = True
    report("read", 1, None)
    report.say("note")
    assert capsys.readouterr().err == ""


def test_a_long_file_shows_how_much_of_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BLOCK", 1 << 10)
    path = tmp_path / "accounts.csv.gz"
    path.write_bytes(gzip.compress(random.Random(1).randbytes(1 << 16).hex().encode() + b"\n", 1))
    with streams.metered(path) as meter:
        shares = [meter.share for _ in streams.plain_blocks(path)]
    told = [share for share in shares if share is not None]
    assert len(told) == len(shares)
    assert told == sorted(told)
    assert told[0] < 0.3 < told[-1] == 1.0
    report = Reporter()
    tell_share(report, "read", 0.25)
    report("read", 500, None)
    assert capsys.readouterr().err == "read: 500 (25% of the file)\n"
    tell_share(silent, "read", 0.5)


def test_what_a_layer_found_in_its_wider_window_is_a_row_of_its_own() -> None:
    fast, slow = {"time_window": 60, "edges": 3}, {"time_window": 900, "edges": 5}
    late = {"time_window": 3600, "edges": 7}
    rows = [{"layer": "co_url", **fast, "slow": slow}, {"layer": "shared_admin", "edges": 1}]
    rows.append({"layer": "co_domain", "patient": late})
    told = [(row["layer"], row.get("time_window"), row["edges"]) for row in for_people(rows)]
    assert told == [("co_url", 60, 3), ("co_url", 900, 5), ("shared_admin", None, 1), ("co_domain", 3600, 7)]
