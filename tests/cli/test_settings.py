"""Settings: what wins, and what a person is told about one that is wrong."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from cibgraph.main import cli
from cibgraph.settings import Settings
from cibgraph.settingsfile import parse_changes, read_settings, template
from cypher.errors import UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cib.toml"


def test_template_without_its_comment_signs_is_the_defaults(file: Path) -> None:
    live = re.sub(r"(?m)^#(\w+ = )", r"\1", template())
    file.write_text(live)
    read = read_settings(file, {})
    assert read == Settings()
    for section, model in tomllib.loads(live).items():
        assert set(model) == set(getattr(Settings(), section).model_dump()), section


def test_template_as_written_is_the_defaults(file: Path) -> None:
    file.write_text(template())
    assert read_settings(file, {}) == Settings()


def test_example_is_valid() -> None:
    example = Path(__file__).parents[2] / "examples" / "cib.toml"
    assert read_settings(example, {}).detect.fdr == 0.01


def test_template_explains_every_setting() -> None:
    lines = template().splitlines()
    for before, line in pairwise(lines):
        if re.match(r"#\w+ = ", line):
            assert re.match(r"# [A-Z].+\.$", before), line


def test_template_can_name_inputs(file: Path) -> None:
    file.write_text(template(['da"ta', "b"]))
    assert read_settings(file, {}).inputs.paths == ('da"ta', "b")


def test_flag_beats_environment_beats_file(file: Path) -> None:
    file.write_text("[detect]\nseed = 1\nfdr = 0.01\nmin_community = 9\n")
    read = read_settings(
        file,
        {"CIB_DETECT_SEED": "2", "CIB_DETECT_FDR": "0.02"},
        {"detect": {"seed": "3", "resolution": None}},
    )
    assert (read.detect.seed, read.detect.fdr, read.detect.min_community) == (3, 0.02, 9)
    assert read.detect.resolution == Settings().detect.resolution


def test_neo4j_variables_and_lists(file: Path) -> None:
    file.write_text("")
    read = read_settings(
        file,
        {
            "NEO4J_URI": "bolt://a:1",
            "NEO4J_DATABASE": "d",
            "CIB_EXPORT_FORMATS": "csv, html",
            "CIB_INPUTS_PATHS": '["a,b", "c"]',
            "CIB_CACHE": "no setting, left alone",
        },
    )
    assert (read.neo4j.uri, read.neo4j.username, read.neo4j.database) == ("bolt://a:1", "neo4j", "d")
    assert read.export.formats == ("csv", "html")
    assert read.inputs.paths == ("a,b", "c")


@pytest.mark.parametrize(
    ("text", "environment", "said"),
    [
        ("[detect]\nspeed = 1\n", {}, ["cib.toml", "[detect] speed", "seed", "fdr"]),
        ("[detcet]\nseed = 1\n", {}, ["cib.toml", "[detcet]", "detect"]),
        ("[detect]\nfdr = 7\n", {}, ["cib.toml", "[detect] fdr = 7 is not allowed", "less than"]),
        ("[export]\nformats = ['pdf']\n", {}, ["[export] formats", "pdf", "'csv', 'xlsx', 'html'"]),
        ("", {"CIB_DETECT_FDR": "x"}, ["CIB_DETECT_FDR", "'x'", "number"]),
        ("", {"CIB_DETECT_SPEED": "1"}, ["CIB_DETECT_SPEED", "[detect] speed"]),
        ("detect = 1\n", {}, ["detect must be a section"]),
        ("[inputs]\npaths = 'data'\n", {}, ["[inputs] paths = 'data'", "must be a list"]),
        ("[export]\nformats = []\n", {}, ["[export] formats = []", "must not be empty"]),
        ("[detect\n", {}, ["not valid TOML", "line 1"]),
    ],
)
def test_wrong_setting_is_named_with_its_place(
    file: Path, text: str, environment: dict[str, str], said: list[str]
) -> None:
    file.write_text(text)
    with pytest.raises(UsageError) as error:
        read_settings(file, environment)
    for part in said:
        assert part in str(error.value)


@pytest.mark.parametrize("environment", [{}, {"NEO4J_URI": "bolt://neo4j:hush@host"}])
def test_password_in_an_address_is_refused_and_not_repeated(file: Path, environment: dict[str, str]) -> None:
    file.write_text("" if environment else "[neo4j]\nuri = 'bolt://neo4j:hush@host'\n")
    with pytest.raises(UsageError, match="NEO4J_PASSWORD") as error:
        read_settings(file, environment)
    assert "hush" not in f"{error.value} {error.value.hint}"


def test_wrong_item_of_a_list_is_told_once(file: Path) -> None:
    file.write_text("[export]\nformats = ['pdf']\n")
    with pytest.raises(UsageError) as error:
        read_settings(file, {})
    assert str(error.value).count("is not allowed") == 1


def test_flag_may_hold_a_table(file: Path) -> None:
    file.write_text("")
    flags = {"detect": parse_changes(['windows={"co_url": 30}'])}
    assert read_settings(file, {}, flags).detect.windows["co_url"] == 30


def test_wrong_flag_is_named(file: Path) -> None:
    file.write_text("")
    with pytest.raises(UsageError, match="--set fdr=2"):
        read_settings(file, {}, {"detect": parse_changes(["fdr=2"])})
    with pytest.raises(UsageError, match="NAME=VALUE"):
        parse_changes(["fdr"])


def test_password_in_the_file_is_refused(file: Path) -> None:
    file.write_text("[neo4j]\nuri = 'bolt://a'\npassword = 'hunter2'\n")
    with pytest.raises(UsageError) as error:
        read_settings(file, {})
    assert "NEO4J_PASSWORD" in error.value.hint
    assert "hunter2" not in str(error.value) + error.value.hint


def test_file_that_is_not_utf8(file: Path) -> None:
    file.write_bytes(b"[export]\nout = '\xff'\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_settings(file, {})


def test_configured_server_without_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://localhost:1")
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    assert CliRunner().invoke(cli, ["init", str(tmp_path)]).exit_code == 0
    (tmp_path / "pages.csv").write_text("id,name\n1,One\n")
    result = CliRunner().invoke(cli, ["-w", str(tmp_path), "load", str(tmp_path / "pages.csv")])
    assert result.exit_code == 2
    assert "NEO4J_PASSWORD" in result.stderr


def test_init_makes_a_workspace_once(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "place"
    first = CliRunner().invoke(cli, ["init", str(folder)])
    assert first.exit_code == 0
    assert (folder / "cib.toml").is_file()
    assert (folder / ".cib" / ".gitignore").read_text() == "*\n"
    (folder / "cib.toml").write_text("[export]\nout = 'mine'\n")
    second = CliRunner().invoke(cli, ["init", str(folder)])
    assert second.exit_code == 0
    assert "left as it is" in second.stdout
    assert (folder / "cib.toml").read_text() == "[export]\nout = 'mine'\n"
