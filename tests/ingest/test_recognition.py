from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cypher.errors import CibError, UsageError
from cypher.progress import silent
from ingest.intake import take_in
from ingest.rejects import RejectFile
from ingest.sources import Source, find_sources

POSTS = "id,author_kind,author_id,created_at\n1,page,10,2019-04-01T12:00:00Z\n"
#: As the coordination network toolkit reads them, by position.
MESSAGES = (
    '1,10,ann,,,"hello, world",1554120000,https://a.example/x\n2,11,bob,1,,hello,1554120005,\n'
    "3,12,cyd,,,hm,1554120009,\n"
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def lines_of(source: Source, folder: Path) -> tuple[int, int, int]:
    """Take a source in; return rows in, loaded and rejected of its file."""
    work = folder / source.id
    work.mkdir()
    with RejectFile(folder / "rejects.ndjson") as rejected:
        (table, *_) = take_in(source, work, rejected, silent).tables
    return table.rows_in, table.loaded, table.rejected


def test_a_file_without_a_header_is_known_by_what_stands_in_it(tmp_path: Path) -> None:
    bare = write(tmp_path / "messages.csv", MESSAGES)
    (source,) = find_sources([bare]).sources
    assert (source.profile.name, source.table, source.titled) == ("cnt", "posts", False)
    assert lines_of(source, tmp_path) == (3, 3, 0)


def test_other_names_in_the_header_are_read_by_position_when_asked_for(tmp_path: Path) -> None:
    titled = write(tmp_path / "messages.csv", "a,b,c,d,e,f,g,h\n" + MESSAGES)
    with pytest.raises(UsageError, match="no profile recognises"):
        find_sources([titled])
    (source,) = find_sources([titled], "cnt").sources
    assert source.titled
    assert lines_of(source, tmp_path) == (3, 3, 0)
    with pytest.raises(UsageError, match="no profile recognises"):
        find_sources([write(tmp_path / "few.csv", "a,b\n1,2\n")], "cnt")


def test_an_unknown_file_is_told_what_it_comes_close_to(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", "object_id,account_id,content_id,when\na,b,c,d\n")
    with pytest.raises(UsageError, match=r"closest: coortweet \(posts\) lacks .*timestamp_share") as caught:
        find_sources([path])
    assert all(option in caught.value.hint for option in ("--as", "--map", "--suggest", "--list canonical"))


def test_an_id_and_a_name_come_close_to_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", "colour,size,name,id\nred,3,a,b\n")
    with pytest.raises(UsageError, match="no profile recognises") as caught:
        find_sources([path])
    assert "closest" not in caught.value.message


def test_tables_of_a_folder_lie_anywhere_in_it(tmp_path: Path) -> None:
    write(tmp_path / "data/posts.csv", POSTS)
    write(tmp_path / "data/empty.csv", "")
    with zipfile.ZipFile(tmp_path / "data/export.zip", "w") as archive:
        archive.writestr("2019/posts-001.csv", POSTS)
        archive.writestr("2019/notes.csv", "colour,size\nred,3\n")
    with xlsxwriter.Workbook(str(tmp_path / "data/book.xlsx")) as book:
        sheet = book.add_worksheet("accounts")
        sheet.write_row(0, 0, ["id", "name"])
        sheet.write_row(1, 0, ["007", "Ann"])
        book.add_worksheet("Notes").write_row(0, 0, ["said", "by"])
    (tmp_path / "data/truth.csv").write_text("operation,platform,kind,id\n")
    (tmp_path / "data/lookalikes.csv").write_text("group,kind_of_group,platform,kind,id\n")
    found = find_sources([tmp_path / "data"])
    names = [str(source.path.relative_to(tmp_path / "data")) for source in found.sources]
    assert names == ["book.xlsx!accounts", "export.zip!2019/posts-001.csv", "posts.csv"]
    assert [lines_of(source, tmp_path)[:2] for source in found.sources] == [(1, 1)] * 3
    told = "\n".join(found.notes)
    assert all(name in told for name in ("empty.csv", "notes.csv", "book.xlsx!Notes"))
    assert told.count("for evaluation only, not loaded") == 2
    with pytest.raises(UsageError, match=r"empty\.csv: is empty"):
        find_sources([tmp_path / "data/empty.csv"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "posts.csv",
            '[{"id":"1","author_kind":"page","author_id":"2","created_at":"2019-04-01"}]',
            "is JSON",
        ),
        ("posts.json", POSTS, "is CSV"),
        ("posts.txt", POSTS.replace(",", "|"), "is CSV"),
        ("posts", POSTS.replace(",", "\t"), "is CSV"),
    ],
)
def test_content_counts_more_than_names(tmp_path: Path, name: str, text: str, said: str) -> None:
    (source,) = find_sources([write(tmp_path / name, text)]).sources
    reading = source.open()
    assert said in reading.notes[0]
    assert sum(batch.frame.height for batch in reading.batches) == 1


def test_headers_that_name_a_column_twice_or_not_at_all_lose_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "posts.csv", POSTS.replace("\n", ",text,,text\n", 1).replace("00Z", "00Z,a,b,c"))
    reading = find_sources([path]).sources[0].open()
    assert reading.columns[-3:] == ("text", "x_column_6", "x_text_2")
    assert [note.rsplit(" ", 1)[-1] for note in reading.notes] == ["x_column_6", "x_text_2"]
    (batch,) = reading.batches
    assert batch.frame.row(0)[-4:] == ("a", "b", "c", 2)


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18))]
)
def test_nothing_to_load_is_an_error(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "void.zip")
    with pytest.raises(CibError, match=r"void\.zip: holds no table|nothing to load"):
        find_sources([tmp_path / "void.zip"])
