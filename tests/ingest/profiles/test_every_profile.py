"""What holds for every source profile, shown with the fixtures that were made from its field list.

A profile needs a folder `fixtures/<name of the profile>/` with at least one file, as a person would give them
(several files, look-up tables beside them, split tables: whatever the source has). The rows must be such that
every column that `covers` promises is mapped. Rows that must be rejected are told in
`fixtures/<name>.rejects.json`, beside the folder: `{"<file>": {"<line>": "<part of the reason>"}}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
import pytest

from cypher.errors import UsageError
from cypher.progress import silent
from ingest.intake import take_in
from ingest.profiles import PROFILES, Profile
from ingest.rejects import RejectFile
from ingest.report import TableReport
from ingest.sources import find_sources, look_at
from ingest.tables import TABLES

FIXTURES = Path(__file__).parent / "fixtures"
every_profile = pytest.mark.parametrize("name", PROFILES)


def files_of(name: str) -> list[Path]:
    return sorted(path for path in (FIXTURES / name).rglob("*") if path.is_file())


@dataclass
class Seen:
    """What a profile gave for all its fixtures.

    Attributes:
        mapped: Canonical columns by table that came out of `map` or `derive`.
        filled: Those of them with a value in at least one row.
        rejects: Line and reason of the rejected rows of each file.
        tables: The account of each table of each file.
    """

    mapped: dict[str, set[str]] = field(default_factory=dict)
    filled: dict[str, set[str]] = field(default_factory=dict)
    rejects: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    tables: list[TableReport] = field(default_factory=list)

    def note(self, table: str, rows: pl.DataFrame) -> None:
        assert table in TABLES, f"{table!r} is no canonical table; there are {', '.join(TABLES)}"
        names = [name for name in rows.columns if name in TABLES[table].names]
        text = rows.select(pl.col(names).cast(pl.String).str.strip_chars().replace("", None))
        self.mapped.setdefault(table, set()).update(names)
        self.filled.setdefault(table, set()).update(
            name for name in names if text[name].null_count() < text.height
        )


def watched(profile: Profile, seen: Seen) -> Profile:
    """Return the profile, with all that it maps and derives noted, and held to its contract."""

    def map_(batch: pl.DataFrame, table: str, sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        rows = profile.map(batch, table, sides)
        assert "line" in rows.columns, "map must keep the column `line`"
        assert rows["line"].to_list() == batch["line"].to_list(), (
            "map must return one row for each of the batch, in its order"
        )
        check_text(rows, "map")
        seen.note(table, rows)
        return rows

    def derive(batch: pl.DataFrame, table: str) -> Mapping[str, pl.DataFrame]:
        tables = profile.derive(batch, table)
        for name, rows in tables.items():
            assert "line" in rows.columns, f"what derive returns for {name} must have the column `line`"
            assert set(rows["line"].to_list()) <= set(batch["line"].to_list()), f"{name}: lines of no row"
            check_text(rows, f"derive, for {name},")
            seen.note(name, rows)
        return tables

    return replace(profile, map=map_, derive=derive)


def check_text(rows: pl.DataFrame, who: str) -> None:
    other = {
        name: str(kind) for name, kind in rows.schema.items() if name != "line" and kind not in (pl.String,)
    }
    assert not other, f"{who} must return text columns only; these are none: {other}"


def take_in_all(name: str, folder: Path) -> Seen:
    seen = Seen()
    for number, source in enumerate(find_sources([FIXTURES / name]).sources):
        work = folder / str(number)
        work.mkdir()
        with RejectFile(folder / f"{number}.ndjson") as rejected:
            watching = replace(source, profile=watched(source.profile, seen))
            seen.tables += take_in(watching, work, rejected, silent).tables
        if rejected.path.exists():
            for line in rejected.path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                file = Path(row["file"]).name
                told = f"{row['table']}.{row['column']} = {row['value']!r}: {row['reason']}"
                seen.rejects.setdefault(file, []).append((row["line"], told))
    return seen


@every_profile
def test_it_has_fixtures(name: str) -> None:
    assert files_of(name), (
        f"profile {name} has no fixture: put at least one small file, made from the source's field list, in "
        f"tests/ingest/profiles/fixtures/{name}/"
    )
    stray = {path.name.removesuffix(".rejects.json") for path in FIXTURES.iterdir()} - set(PROFILES)
    assert not stray, f"fixtures of no profile: {sorted(stray)}; the profiles are {', '.join(PROFILES)}"


@every_profile
def test_its_files_are_recognised_by_it_alone(name: str) -> None:
    for path in files_of(name):
        by = [other for other, profile in PROFILES.items() if recognised(profile, path)]
        assert by == [name], f"{path.name} must be recognised by {name} alone, but is by {by or 'none'}"


def recognised(profile: Profile, path: Path) -> bool:
    look = look_at(path)
    try:
        table = profile.recognise(look)
    except UsageError:  # Says why a file with such a name cannot be its own.
        return False
    assert table is None or table in TABLES, f"{profile.name}.recognise gave {table!r}, no canonical table"
    return table is not None or profile.side(look.columns) is not None


@every_profile
def test_every_file_is_a_source_or_completes_one(name: str) -> None:
    found = find_sources([FIXTURES / name])
    assert {source.profile.name for source in found.sources} == {name}
    used = {path for source in found.sources for path in (source.path, *source.sides.values())}
    assert {path.resolve() for path in used} == {path.resolve() for path in files_of(name)}, found.notes


@every_profile
def test_all_rows_are_taken_in_and_covers_says_what_is_filled(name: str, tmp_path: Path) -> None:
    seen = take_in_all(name, tmp_path)
    for table in seen.tables:
        assert table.rows_in == table.loaded + table.merged + table.rejected
        assert table.rows_in or table.derived, f"no row for {table.table}"
    check_rejects(name, seen)
    check_covers(name, seen)


def check_rejects(name: str, seen: Seen) -> None:
    told = FIXTURES / f"{name}.rejects.json"
    expected = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    for file, rows in seen.rejects.items():
        for line, reason in rows:
            wanted = expected.get(file, {}).get(str(line))
            assert wanted, (
                f"{file}, line {line} is rejected ({reason}); mend the fixture or the profile or, if it must "
                f'be rejected, say so in {told.name}: {{"{file}": {{"{line}": "<part of the reason>"}}}}'
            )
            assert wanted in reason, f"{file}, line {line} is rejected otherwise than {told.name} says"
    for file, lines in expected.items():
        missing = set(lines) - {str(line) for line, _ in seen.rejects.get(file, [])}
        assert not missing, f"{file}, lines {sorted(missing)} should have been rejected ({told.name})"


def check_covers(name: str, seen: Seen) -> None:
    covers = PROFILES[name].covers
    for table in covers.keys() | seen.mapped.keys():
        said = set(covers.get(table, {}))
        assert table in TABLES, f"covers of {name} names {table!r}, which is no canonical table"
        unknown = said - set(TABLES[table].names)
        assert not unknown, f"covers of {name}: {table} has no columns {sorted(unknown)}"
        silent_about = seen.filled.get(table, set()) - said
        assert not silent_about, (
            f"{name} fills {table}.{sorted(silent_about)} but covers does not say of what: add it there"
        )
        empty = said - seen.mapped.get(table, set())
        assert not empty, (
            f"covers of {name} promises {table}.{sorted(empty)}, which nothing maps for the fixtures: take "
            "it out, or give the fixtures the columns that it is made of"
        )
        missing = set(TABLES[table].required) - said
        assert not missing, f"{name}: {table} needs {sorted(missing)}, which covers does not name"
    for table, columns in covers.items():
        assert all(text.strip() for text in columns.values()), f"covers of {name}: {table} has an empty text"


@every_profile
def test_it_says_what_it_is(name: str) -> None:
    profile = PROFILES[name]
    assert profile.name == name
    assert name == name.lower().replace("-", "_"), "names are lower case with underscores"
    assert 10 < len(profile.title) < 110, "title says in one line what the source is"
    assert "\n" not in profile.title
    assert not profile.title.endswith("."), "title is no sentence"
    assert profile.spare_of is None or profile.spare_of in PROFILES


def test_the_harness_sees_what_is_wrong(tmp_path: Path) -> None:
    """A profile that drops a row, fills what it does not say, or says what it does not fill."""
    (source,) = find_sources([FIXTURES / "coortweet" / "shares.csv"]).sources
    whole = source.profile
    shorter = replace(whole, map=lambda batch, table, sides: whole.map(batch, table, sides).head(1))
    with pytest.raises(AssertionError, match="one row for each"):
        take_in(
            replace(source, profile=watched(shorter, Seen())), tmp_path, RejectFile(tmp_path / "r"), silent
        )
    seen = Seen()
    seen.note("posts", pl.DataFrame({"id": ["1"], "views": [" "], "text": ["a"]}))
    assert (seen.mapped, seen.filled) == ({"posts": {"id", "views", "text"}}, {"posts": {"id", "text"}})
    with pytest.raises(AssertionError, match=r"fills posts\.\['text'\]"):
        check_covers("coortweet", seen)
