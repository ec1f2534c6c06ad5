"""The group: what it lists, how fast it starts, and what exit code a failure gets."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cibgraph.context import Context
from cibgraph.failures import guarded
from cibgraph.main import COMMANDS, cli
from cypher.errors import CibError, LockedError, ServerError, UsageError

HEAVY = {"polars", "pydantic", "neo4j", "duckdb", "numpy", "pandas", "rich", "graphdatascience"}


def test_help_lists_every_command() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in result.stdout


def test_help_imports_nothing_heavy_and_is_quick() -> None:
    code = (
        "import sys\nfrom cibgraph.main import cli\ntry:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    # 0.1 s on an idle machine; the bound leaves room for a busy one.
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_there_and_says_what_the_list_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_examples_and_imports_nothing_heavy(name: str) -> None:
    code = (
        f"import sys\nfrom cibgraph.main import cli\ntry:\n    cli([{name!r}, '--help'], prog_name='cib')\n"
        f"except SystemExit:\n    pass\nprint(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"Usage: cib {name}" in done.stdout
    if name not in ("server", "browser", "doctor"):
        assert f"Examples:\n    cib {name}" in done.stdout
    assert done.stderr.strip() == "[]"


def test_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(cli, ["fly"])
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.stderr


def test_version() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert (result.exit_code, result.stdout) == (0, "cib 0.1.0\n")


def test_workspace_option_needs_a_workspace(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["-w", str(tmp_path), "load"])
    assert result.exit_code == 2
    assert f"{tmp_path} is no workspace" in result.stderr
    assert f"cib init {tmp_path}" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CibError("it broke", "glue it"), 1),
        (UsageError("it broke", "glue it"), 2),
        (ServerError("it broke", "glue it"), 4),
        (LockedError("it broke", "glue it"), 5),
    ],
)
def test_failure_gives_message_hint_and_code(
    error: CibError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(_raising(error), Context()) == code
    assert capsys.readouterr().err == "error: it broke\nhint: glue it\n"


def test_what_a_failure_quotes_does_not_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without a workspace the traceback goes to the folder of temporary files.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    hostile = "\x1b]0;owned\x07"
    assert (
        guarded(_raising(UsageError(f"no column {hostile}", f"Did you mean {hostile}?\nNo.")), Context()) == 2
    )
    assert guarded(_raising(ValueError(hostile)), Context()) == 1
    err = capsys.readouterr().err
    assert "owned" in err
    assert not {"\x1b", "\x07"} & set(err)
    assert "?\nNo.\n" in err
    (log,) = tmp_path.iterdir()
    assert str(log) in err


def test_full_disk_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/data/x.parquet")
    assert guarded(_raising(full), Context()) == 1
    said = capsys.readouterr().err
    assert "No space left on device: /data/x.parquet" in said
    assert "Free some space" in said


def test_path_that_cannot_be_is_no_fault_of_cib(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "file" / "workspace")])
    assert done.exit_code == 1
    assert f"Not a directory: {tmp_path / 'file' / 'workspace'}" in done.stderr
    assert "unexpected" not in done.stderr


def test_interruption_says_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(_raising(KeyboardInterrupt()), Context(kept="half of it is kept")) == 130
    assert capsys.readouterr().err == "interrupted: half of it is kept\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_is_known_whatever_a_library_makes_of_it(number: signal.Signals) -> None:
    at_work = (
        "import sys, time\nfrom cibgraph.context import Context\nfrom cibgraph.failures import guarded\n"
        "from cibgraph.main import listen\ncontext = Context()\nlisten(context)\nprint('on', flush=True)\n"
        # As DuckDB does: the interruption becomes an error of the library's own.
        "def work():\n  try: time.sleep(60)\n  except KeyboardInterrupt: raise RuntimeError('interrupted')\n"
        "sys.exit(guarded(work, context))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", at_work], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "on\n"
        time.sleep(0.5)
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert said == "interrupted: nothing was changed\n"


def test_fault_leaves_its_traceback_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert CliRunner().invoke(cli, ["init", str(tmp_path)]).exit_code == 0
    context = Context(folder=tmp_path)
    context.workspace()
    assert guarded(_raising(ZeroDivisionError("by zero")), context) == 1
    said = capsys.readouterr().err
    assert "unexpected ZeroDivisionError: by zero" in said
    assert "Traceback" not in said
    (log,) = (tmp_path / ".cib" / "logs").iterdir()
    assert str(log) in said
    assert "Traceback" in log.read_text()


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "cibgraph", "query", "--format", "json"],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        text=True,
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 1


def test_query_list_is_json() -> None:
    result = CliRunner().invoke(cli, ["query", "--format", "json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert rows
    assert all(row["name"] and row["title"] for row in rows)


def _raising(error: BaseException):
    def run() -> None:
        raise error

    return run
