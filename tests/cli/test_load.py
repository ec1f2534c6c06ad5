"""`cib load` and what it may be given: standard input, names, limits of rejected rows, encodings."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cibgraph.main import cli
from cibgraph.progress import told_of
from cibgraph.settingsfile import read_settings
from cypher.errors import UsageError
from cypher.session import Graph
from ingest.limits import RejectLimit

pytestmark = pytest.mark.server

PAGES = "id,name,followers\n1,One,10\n2,Two,many\n,Three,1\n4,Four,4\n"


class Here:
    """`cib load`, in this process, in a new workspace on the tests' server, whose graph is empty."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self._environment = folder, environment

    def load(self, *arguments: str, stdin: bytes | None = None) -> Result:
        done = CliRunner().invoke(cli, ["load", *arguments], input=stdin, env=self._environment)
        assert "Traceback" not in done.stderr
        return done

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: Graph, server_environment: dict[str, str]
) -> Here:
    monkeypatch.chdir(tmp_path)
    here = Here(tmp_path, server_environment)
    here.write("cib.toml", "")
    return here


def names(graph: Graph, label: str) -> list[str]:
    query = f"MATCH (n:{label}) RETURN n.name AS name ORDER BY name"
    return [row["name"] for row in graph.driver.execute_query(query).records]


def test_standard_input_keeps_its_identity_by_name(here: Here, graph: Graph) -> None:
    given = "-", "--name", "pages.csv", "--format", "json"
    first = here.load(*given, stdin=gzip.compress(b"id,name\n1,One\n2,Two\n"))
    assert first.exit_code == 0, first.stderr
    assert "pages.csv: read as canonical" in first.stderr
    second = here.load(*given, stdin=b'[{"id":"1","name":"Uno"}]')
    assert second.exit_code == 0, second.stderr
    assert json.loads(second.stdout)[0]["source"] == json.loads(first.stdout)[0]["source"]
    assert names(graph, "Source") == [None]
    assert "Uno" in names(graph, "Page")
    shares = b"object_id,account_id,content_id,timestamp_share\na,b,c,1554120000\n"
    assert here.load("-", stdin=shares).exit_code == 0
    again = here.load("-", "--as", "coortweet", stdin=shares)
    assert "stdin: read as coortweet, unchanged since it was loaded" in again.stderr


@pytest.mark.parametrize(
    ("data", "arguments", "said"),
    [
        (b"", ["--name", "pages.csv"], "pages.csv: is empty"),
        (b"colour,size\nred,3\n", [], "stdin: no profile recognises"),
        (b"id\n1\n", ["--name", "a!b"], "is no name"),
        (b"id\n1\n", ["other.csv", "--name", "x"], "other.csv: no such file"),
        (b"id\n1\n", ["--encoding", "klingon"], "there is no encoding 'klingon'"),
        (b"id\n1\n", ["--max-rejects", "few"], "'few' is no limit of rejected rows"),
        (b"id\n1\n", ["--as", "nonsense"], "there is no profile 'nonsense'"),
    ],
)
def test_what_cannot_be_loaded_is_told(here: Here, data: bytes, arguments: list[str], said: str) -> None:
    done = here.load("-", *arguments, stdin=data)
    assert done.exit_code == 2
    assert said in done.stderr


def test_nothing_of_a_source_with_too_many_rejects_is_loaded(here: Here, graph: Graph) -> None:
    here.write("pages.csv", PAGES)
    for limit in (["--strict"], ["--max-rejects", "1"], ["--max-rejects", "49%"]):
        done = here.load("pages.csv", *limit)
        assert done.exit_code == 1, done.stderr
        assert names(graph, "Page") == []
        (file,) = (here.folder / "rejected").iterdir()
        assert f"The rejected rows are in {file}" in done.stderr
        assert [json.loads(line)["line"] for line in file.read_text().splitlines()] == [3, 4]
    assert here.load("pages.csv", "--max-rejects", "50%").exit_code == 3
    assert names(graph, "Page") == ["Four", "One"]
    assert not file.exists()
    # What was loaded when more were allowed stays, and is told.
    here.write("cib.toml", "[load]\nmax_rejects = 1\n")
    again = here.load("pages.csv")
    assert again.exit_code == 1
    assert "it stays as it was loaded before" in again.stderr
    assert here.load("pages.csv", "--max-rejects", "2").exit_code == 3


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("strict = true", RejectLimit(rows=0)),
        ("max_rejects = 7", RejectLimit(rows=7)),
        ('max_rejects = "0.5%"', RejectLimit(percent=0.5)),
        ("", RejectLimit()),
        ("max_rejects = -1", None),
        ('max_rejects = "101%"', None),
    ],
)
def test_limits_are_settings_too(tmp_path: Path, text: str, limit: RejectLimit | None) -> None:
    (tmp_path / "cib.toml").write_text(f"[load]\n{text}\n")
    if limit is not None:
        assert read_settings(tmp_path / "cib.toml", {}).load.limit == limit
        return
    with pytest.raises(UsageError, match=r"\[load\] max_rejects = .* is not allowed: it must be a number"):
        read_settings(tmp_path / "cib.toml", {})


def test_another_encoding_is_read_when_named(here: Here, graph: Graph) -> None:
    (here.folder / "pages.csv").write_bytes("id,name\n1,Café\n".encode("windows-1252"))
    assert here.load("pages.csv").exit_code == 3
    right = here.load("pages.csv", "--encoding", "windows-1252")
    assert right.exit_code == 0, right.stderr
    assert names(graph, "Page") == ["Café"]


def test_members_are_told_apart_everywhere(here: Here, graph: Graph) -> None:
    with zipfile.ZipFile(here.folder / "export.zip", "w") as archive:
        archive.writestr("2019/pages.csv", PAGES)
        archive.writestr("2020/pages.csv", "id,name\n7,Seven\n")
    done = here.load("export.zip", "--format", "json")
    assert done.exit_code == 3
    rows = json.loads(done.stdout)
    assert [row["file"] for row in rows[:-1]] == ["export.zip!2019/pages.csv", "export.zip!2020/pages.csv"]
    (file,) = (here.folder / "rejected").iterdir()
    assert json.loads(file.read_text().splitlines()[0])["file"] == "export.zip!2019/pages.csv"
    query = "MATCH (s:Source) RETURN s.path AS path, s.rows_in AS rows ORDER BY path"
    found = [tuple(row.values()) for row in graph.driver.execute_query(query).records]
    assert found == [("export.zip!2019/pages.csv", 4), ("export.zip!2020/pages.csv", 1)]


def test_what_is_said_of_a_stage_whose_end_is_not_known() -> None:
    assert told_of(500, None, 0.25, 0.2) == ("500", "")
    assert told_of(5_000, None, 0.25, 10) == ("5,000 (500/s) 25%", "0:00:30 left")
    assert told_of(5_000, None, None, 10) == ("5,000 (500/s)", "")
    assert told_of(1_000, 4_000, 0.25, 7_200) == ("1,000/4,000 (0/s)", "6:00:00 left")
