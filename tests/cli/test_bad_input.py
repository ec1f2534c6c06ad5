"""Bad input: a clear message, the right exit code, and nothing that a second run does not mend."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cibgraph.context import Context
from cibgraph.main import cli
from cypher.session import Graph

from .conftest import Cib, write_csv

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "missing.csv"),
        ("report.pdf", b"%PDF-1.7\n\x00\x01", "report.pdf"),
        ("noise.csv", bytes(range(256)) * 40, "noise.csv"),
        ("empty.csv", b"", "empty.csv"),
        ("strange.csv", b"colour,size\nred,3\n", "strange.csv"),
        ("cut.csv.gz", b"\x1f\x8b\x08\x00cut short", "cut.csv.gz"),
    ],
)
def test_file_that_is_no_table(
    cib: Cib, workspace: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (workspace / name).write_bytes(content)
    # No server answers there: that nobody is told of it says that the file was looked at first.
    for command in ("load", "watch"):
        done = cib(command, name, NEO4J_URI="bolt://localhost:1")
        assert done.returncode in (1, 2)
        assert said in done.stderr
        _no_traceback(done)
    assert not list(workspace.glob(".cib/runs/*"))


def test_workbook_that_is_none(cib: Cib, workspace: Path) -> None:
    (workspace / "operations.xlsx").write_bytes(b"PK no workbook")
    done = cib("decide", "--from", "operations.xlsx", "--by", "Ada", NEO4J_URI="bolt://localhost:1")
    assert done.returncode == 2
    assert "operations.xlsx cannot be read" in done.stderr


def test_header_only_loads_nothing_and_says_so(cib: Cib, workspace: Path) -> None:
    (workspace / "accounts.csv").write_text("id,name\n")
    done = cib("load", "accounts.csv", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["rows_in"] == 0
    assert "no rows" in done.stderr


def test_required_column_missing(cib: Cib, workspace: Path) -> None:
    (workspace / "admins.csv").write_text("account_id,asset_kind\na,page\n")
    done = cib("load", "admins.csv")
    assert done.returncode in (2, 3)
    _no_traceback(done)
    told = done.stderr + "".join(file.read_text() for file in workspace.glob("rejected/*"))
    assert "asset_id" in told


def test_rejected_rows_make_code_3_and_tell_line_and_column(cib: Cib, workspace: Path) -> None:
    (workspace / "pages.csv").write_text("id,name,followers\n1,One,10\n2,Two,many\n,Three,1\n")
    for _ in range(2):
        done = cib("load", "pages.csv", "--format", "json")
        assert done.returncode == 3
        total = json.loads(done.stdout)[-1]
        assert (total["rows_in"], total["loaded"], total["merged"], total["rejected"]) == (3, 1, 0, 2)
        (file,) = (workspace / "rejected").iterdir()
        rejects = [json.loads(line) for line in file.read_text().splitlines()]
        assert sorted((row["line"], row["column"]) for row in rejects) == [(3, "followers"), (4, "id")]
        assert str(file) in done.stderr
        assert re.search(r"1 row, pages\.followers: .+ \(first in line 3\)", done.stderr)
        assert re.search(r"1 row, pages\.id: .+ \(first in line 4\)", done.stderr)


def test_wrong_encoding_is_told(cib: Cib, workspace: Path) -> None:
    (workspace / "pages.csv").write_bytes("id,name\n1,Café\n2,Plain\n".encode("latin-1"))
    done = cib("load", "pages.csv")
    assert done.returncode in (0, 2, 3)
    assert done.returncode != 0 or "encod" in done.stderr.lower() or "latin" in done.stderr.lower()
    _no_traceback(done)


def test_wrong_password(cib: Cib, dataset: Path) -> None:
    done = cib("load", dataset, NEO4J_PASSWORD="wrong")
    assert done.returncode == 4
    assert "refuses the password of user 'neo4j'" in done.stderr
    _no_traceback(done)


def test_no_server(cib: Cib, dataset: Path) -> None:
    done = cib("load", dataset, NEO4J_URI="bolt://localhost:1")
    assert done.returncode == 4
    assert "does not answer" in done.stderr
    _no_traceback(done)


def test_wrong_setting(cib: Cib, workspace: Path) -> None:
    (workspace / "cib.toml").write_text("[detect]\nfdr = 3\n")
    done = cib("detect")
    assert done.returncode == 2
    assert "[detect] fdr = 3 is not allowed" in done.stderr


def test_nothing_to_rank(cib: Cib) -> None:
    done = cib("rank")
    assert done.returncode == 2
    assert "cib detect" in done.stderr


def test_nothing_to_show_or_export(cib: Cib, workspace: Path) -> None:
    done = cib("show", "1")
    assert done.returncode == 2
    assert "None is ranked yet" in done.stderr
    done = cib("export", "--format", "csv")
    assert done.returncode == 0
    assert "No operation is in them" in done.stderr
    done = cib("export", "--format", "pdf", NEO4J_URI="bolt://localhost:1")
    assert done.returncode == 2
    assert "'pdf' is not one of 'csv', 'xlsx'" in done.stderr


def test_no_inputs_to_run(cib: Cib, workspace: Path) -> None:
    done = cib("run")
    assert done.returncode == 2
    assert "[inputs] paths is empty" in done.stderr
    (workspace / "cib.toml").write_text('[inputs]\npaths = ["nowhere/*.csv"]\n')
    done = cib("run")
    assert done.returncode == 2
    assert "nowhere/*.csv" in done.stderr


def test_read_only_workspace(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    (tmp_path / "cib.toml").write_text("")
    (tmp_path / "pages.csv").write_text("id,name\n1,One\n")
    tmp_path.chmod(0o555)
    arguments = ["-w", str(tmp_path), "load", str(tmp_path / "pages.csv")]
    # Somebody else may not be able to read this installation: what is needed is imported before.
    import cibgraph.pipeline  # noqa: F401

    Context(folder=tmp_path).settings()
    request.getfixturevalue("nobody")
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1, done.stderr
    assert f"Permission denied: {tmp_path / '.cib'}" in done.stderr
    assert "unexpected" not in done.stderr


def test_interrupted_load_is_mended_by_the_next(
    cib: Cib, workspace: Path, graph: Graph, server_environment: dict[str, str]
) -> None:
    rows = 60_000
    write_csv(workspace / "accounts.csv", ["id", "name"], ((f"a{n}", f"Name {n}") for n in range(rows)))
    process = subprocess.Popen(
        [sys.executable, "-m", "cibgraph", "load", "accounts.csv"],
        cwd=workspace,
        env=server_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not _count(graph, "Asset") and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "interrupted: what was loaded so far is kept" in stderr
    assert "Traceback" not in stderr
    (record,) = (workspace / ".cib" / "runs").glob("*/run.json")
    assert json.loads(record.read_text())["status"] == "interrupted"
    assert 0 < _count(graph, "Asset") < rows
    mended = cib("load", "accounts.csv", "--format", "json")
    assert mended.returncode == 0, mended.stderr
    assert "unchanged" not in mended.stderr
    assert json.loads(mended.stdout)[-1]["loaded"] == rows
    assert _count(graph, "Asset") == rows


def test_second_command_is_told_of_the_first(
    cib: Cib, dataset: Path, workspace: Path, server_environment: dict[str, str]
) -> None:
    hold = (
        "import sys, time\nfrom pathlib import Path\nfrom cibgraph.lock import locked\n"
        "from cibgraph.workspace import Workspace\nwith locked(Workspace(Path('.')), 'detect'):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], cwd=workspace, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        done = cib("load", dataset)
        first.kill()
    assert done.returncode == 5
    assert f"`cib detect` (process {first.pid}" in done.stderr
    assert cib("load", dataset).returncode == 0


def _no_traceback(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert done.stderr.count("\nhint: ") + done.stderr.startswith("hint: ") <= 1


def _count(graph: Graph, label: str) -> int:
    return graph.driver.execute_query(f"MATCH (n:{label}) RETURN count(n)").records[0][0]
