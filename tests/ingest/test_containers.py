from __future__ import annotations

import datetime as dt
import gzip
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import zstandard
from openpyxl import Workbook

from cypher.errors import CibError, UsageError
from ingest.reading import (
    content_hash,
    find_files,
    folder_of,
    holds,
    identity,
    places,
    short_name,
    source_id,
    spreadsheets,
)

from .reading_files import read

ACCOUNTS = "id,name\n007,Žluť\n2,b\n"


def book(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        fill(workbook)
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_cells_of_a_sheet_come_back_as_they_went_in(tmp_path: Path) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        day, moment = (
            workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")
        )
        sheet = workbook.add_worksheet("posts")
        sheet.write_row(2, 1, ["id", "count", "day", "at", "flag", "", "count", "big"])
        sheet.write_string(3, 1, "00123456789012345678")
        sheet.write_number(3, 2, 12)
        sheet.write_datetime(3, 3, dt.date(2020, 1, 2), day)
        sheet.write_datetime(3, 4, dt.datetime(2020, 1, 2), moment)
        sheet.write_boolean(3, 5, True)
        sheet.write_string(3, 6, "unnamed")
        sheet.write_number(3, 8, 123456789012345)
        sheet.write_number(5, 1, 1234567890123456789)
        sheet.write_number(5, 2, 0.1 + 0.2)
        sheet.write_string(5, 3, "2020")
        sheet.write_datetime(5, 4, dt.datetime(2020, 1, 2, 13, 30), moment)
        sheet.write_number(5, 7, 7)
        sheet.write_string(6, 1, "1234567890123456")

    (path,) = find_files([book(tmp_path / "book.xlsx", fill)]).files
    assert short_name(path) == "book.xlsx!posts"
    frame, rejects, _ = read(path)
    assert rejects == []
    assert frame.to_dict(as_series=False) == {
        "id": ["00123456789012345678", "1.23456E+18", "1234567890123456"],
        "count": ["12", "0.3", None],
        "day": ["2020-01-02", "2020", None],
        "at": ["2020-01-02T00:00:00", "2020-01-02T13:30:00", None],
        "flag": ["true", None, None],
        "x_column_6": ["unnamed", None, None],
        "x_count_2": [None, "7", None],
        "big": ["123456789012345", None, None],
        "line": [4, 6, 7],
    }


def test_sheets_that_are_no_tables_are_told(tmp_path: Path) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        titled = workbook.add_worksheet("accounts")
        titled.write(0, 0, "Export of 1 April")
        titled.write_row(2, 0, ["id", "name"])
        titled.write_row(3, 0, ["a", "b"])
        workbook.add_worksheet("empty")
        workbook.add_worksheet("secret").hide()

    path = book(tmp_path / "book.xlsx", fill)
    found = find_files([tmp_path])
    assert found.files == (Path(f"{path}!accounts"),)
    assert [note.removeprefix(f"{path}!") for note in found.notes] == [
        "empty: an empty sheet",
        "secret: a hidden sheet, not loaded",
    ]
    assert read(found.files[0])[0].rows() == [("a", "b", 4)]


@pytest.mark.parametrize("where", ["plain", "gz", "zip"])
def test_a_workbook_is_read_wherever_it_lies(tmp_path: Path, where: str) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "accounts"
    for row in (["id", "n"], ["007", 2.0], ["8", None]):
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    data = out.getvalue()
    if where == "zip":
        path = zipped(tmp_path / "all.zip", {"deep/book.xlsx": data})
    else:
        path = tmp_path / ("book.xlsx" if where == "plain" else "book.xlsx.gz")
        path.write_bytes(data if where == "plain" else gzip.compress(data))
    (table,) = find_files([path]).files
    assert read(table)[0].rows() == [("007", "2", 2), ("8", None, 3)]


def test_every_table_of_a_zip_is_a_source_of_its_own(tmp_path: Path) -> None:
    out = io.BytesIO()
    pl.DataFrame({"id": ["007"]}).write_parquet(out)
    members = {
        "b/posts-001.csv": ACCOUNTS.encode(),
        "a.csv.gz": gzip.compress(ACCOUNTS.encode() * 2),
        "c.json.zst": zstandard.compress(b'[{"id":"007"}]'),
        "d.parquet": out.getvalue(),
        "README.txt": b"hello",
        "__MACOSX/._a.csv": b"\0\0",
        "inner.zip": b"PK\x05\x06" + bytes(18),
    }
    path = zipped(tmp_path / "export.zip", members)
    found = find_files([path])
    assert [short_name(file) for file in found.files] == [
        "export.zip!a.csv.gz",
        "export.zip!b/posts-001.csv",
        "export.zip!c.json.zst",
        "export.zip!d.parquet",
    ]
    assert [short_name(file) for file in found.ignored] == ["export.zip!README.txt"]
    assert found.notes == (f"{path}!inner.zip: a ZIP in a ZIP, not read; unpack the outer one",)
    assert [read(file)[0]["id"][0] for file in found.files] == ["007"] * 4
    assert len({source_id(file) for file in found.files} | {source_id(path)}) == 5
    assert len({content_hash([file]) for file in found.files}) == 4
    assert {folder_of(file) for file in found.files} == {Path(f"{path}!."), Path(f"{path}!b")}
    assert find_files([found.files[1]]).files == (found.files[1],)
    with pytest.raises(UsageError):
        read(Path(f"{path}!missing.csv"))
    path.unlink()
    assert all(holds(path, identity(file)) for file in found.files)
    assert not holds(path, identity(path.with_name("export.zip2!a.csv")))


def test_members_that_climb_out_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = [
        "../out.csv",
        "/etc/passwd.csv",
        "a/../../b.csv",
        "..\\win.csv",
        "C:\\x.csv",
        "a!b.csv",
        "good.csv",
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, ACCOUNTS)
        archive.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("good.csv", "id\n666\n")
    before = sorted(tmp_path.parent.iterdir())
    found = find_files([path])
    assert [short_name(file) for file in found.files] == ["evil.zip!good.csv"]
    assert read(found.files[0])[0]["id"].to_list() == ["007", "2"]
    assert len(found.notes) == len(names) - 1 + 2
    assert sum("leads out of the ZIP" in note for note in found.notes) == 5
    assert sorted(tmp_path.parent.iterdir()) == before


def damaged_zip(data: bytes) -> bytes:
    return data.replace(b"007,", b"008,")


def encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[:-30], "damaged"),
        (damaged_zip, "damaged or cut off"),
        (encrypted, "encrypted"),
    ],
)
def test_a_zip_that_cannot_be_read_says_why(
    tmp_path: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("accounts.csv", ACCOUNTS)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CibError, match=says) as caught:
        _ = [read(file) for file in find_files([path]).files]
    assert caught.value.hint


def test_zip_and_xlsx_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FREE_SIZE", 1 << 20)
    monkeypatch.setattr(spreadsheets, "FREE_SIZE", 1 << 20)
    bomb = zipped(
        tmp_path / "bomb.zip", {f"{number}.csv": b"id\n" + b"1\n" * (1 << 20) for number in range(3)}
    )
    with pytest.raises(CibError, match="bomb"):
        find_files([bomb])
    flat = {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * (8 << 20)}
    with pytest.raises(CibError, match="bomb"):
        find_files([zipped(tmp_path / "bomb.xlsx", flat)])


def test_a_sheet_of_billions_of_cells_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "wide.xlsx", lambda workbook: workbook.add_worksheet().write("XFD1048576", "far"))
    with pytest.raises(CibError, match="1,048,576 rows and 16,384 columns"):
        find_files([path])


@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(200), b"hello", b""])
def test_what_is_no_workbook_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(CibError) as caught:
        find_files([path])
    assert "book.xlsx" in caught.value.message
