"""XLSX: each sheet a table, every cell as the text that went in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from cypher.errors import CibError, UsageError
from ingest.reading.batches import BATCH_ROWS, MAX_CELL, Batch, NoRowsError, Reading
from ingest.reading.headers import column_names
from ingest.reading.places import FREE_SIZE, INSIDE, MAX_RATIO, split_inside
from ingest.reading.streams import BLOCK, plain_file
from ingest.rejects import frame as reject_frame

#: A sheet that spreads over more cells than this is refused: it is held in memory while it is read.
MAX_CELLS: Final = 32_000_000

#: Rows above the header, such as titles, that are looked at.
_ABOVE: Final = 20

#: Whole numbers beyond this have lost digits in Excel, which keeps 15.
_MOST_DIGITS: Final = 15

_PLACE: Final = re.compile(rb"""\sr=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_MOMENT: Final = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook, as paths, and what to say about those that are passed over."""

    found: tuple[Path, ...]
    notes: tuple[str, ...]


def find_sheets(path: Path) -> Sheets:
    """Return the sheets of a workbook; hidden and empty ones are passed over.

    Raises:
        CibError: Not a workbook, damaged, or too large.
    """
    found: list[Path] = []
    notes: list[str] = []
    with _open(path) as book:
        for name in book.sheet_names:
            sheet = _sheet(path, name)
            with _errors(sheet):
                loaded = book.load_sheet(name, header_row=None, dtypes="string", n_rows=1)
            if loaded.visible != "visible":
                notes.append(f"{sheet}: a hidden sheet, not loaded")
            elif not loaded.total_height:
                notes.append(f"{sheet}: an empty sheet")
            else:
                found.append(sheet)
    return Sheets(tuple(found), tuple(notes))


def read_sheet(path: Path) -> Reading:
    """Open a sheet. `line` is the number of its row, as the spreadsheet shows it.

    The header is the first row with cells; titles above it, alone in their rows, are passed over. Whole
    numbers have no decimals; those of more than 15 digits, which Excel cuts, are given as `1.23E+15`, so that
    no id is made of one. A column of days gives dates, one with times of day times without a zone.

    Raises:
        NoRowsError: It has no cells.
        CibError: As `find_sheets`, or there is no such sheet.
    """
    outer, inside = split_inside(path)
    book_path = Path(INSIDE.join([str(outer), *inside[:-1]]))
    with _open(book_path) as book:
        name = next((name for name in book.sheet_names if _sheet(book_path, name) == path), None)
        if name is None:
            raise UsageError(f"{path}: there is no such sheet", f"Sheets: {', '.join(book.sheet_names)}.")
        with _errors(path):
            cells = _cells(book, name)
    filled = pl.concat_list(pl.all().is_not_null()).list.sum()
    cells = cells.select(pl.all(), filled.alias("__filled")).with_row_index("line", 1)
    cells = cells.filter(pl.col("__filled") > 0)
    if cells.is_empty():
        raise NoRowsError(f"{path}: is empty", "Give a sheet with a header and rows.")
    top = cells["__filled"].head(_ABOVE).to_list()
    above = next((index for index, count in enumerate(top) if count > 1), 0)
    titles = cells.head(above)
    width = [column for column in cells.columns if column not in ("line", "__filled")]
    rows = cells.slice(above + 1).select(pl.col("line").cast(pl.Int64), *width)
    header = [cell or "" for cell in cells.select(width).row(above)]
    used = [
        column
        for column, name in zip(width, header, strict=True)
        if name.strip() or rows[column].null_count() < rows.height
    ]
    names, notes = column_names([header[width.index(column)] for column in used])
    if above:
        told = "; ".join(str(cell) for row in titles.select(width).iter_rows() for cell in row if cell)
        notes = (*notes, f"passed over above the header: {told[:200]}")
    frame = rows.select(*(pl.col(old).alias(new) for old, new in zip(used, names, strict=True)), "line")
    return Reading(names, _batches(frame), notes)


def _batches(frame: pl.DataFrame) -> Iterator[Batch]:
    for rows in frame.iter_slices(BATCH_ROWS):
        names = [name for name in rows.columns if name != "line"]
        long = [pl.col(name).str.len_bytes() > MAX_CELL for name in names]
        bad = rows.filter(pl.any_horizontal(long)) if long else rows.clear()
        if bad.is_empty():
            yield Batch(rows, reject_frame([]))
            continue
        reason = f"a cell is longer than {MAX_CELL >> 20} MiB"
        rejects = reject_frame([(line, None, None, reason) for line in bad["line"]])
        yield Batch(rows.filter(~pl.any_horizontal(long).fill_null(value=False)), rejects)


def _sheet(path: Path, name: str) -> Path:
    return Path(f"{path}{INSIDE}{name}")


def _cells(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    """Return all cells of a sheet as text, the first column first, rows from the first on."""

    def load(dtype: fastexcel.DType, columns: list[int] | None = None) -> pl.DataFrame:
        chosen = [f"__UNNAMED__{index}" for index in columns] if columns else None
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes=dtype, use_columns=chosen)
        frame = sheet.to_polars()
        frame.columns = [str(index) for index in columns or range(frame.width)]
        return frame

    text = load("string")
    if not text.width or not text.height:
        return text
    digits = pl.all().str.contains(rf"^-?\d{{{_MOST_DIGITS + 1},}}$").any()
    long = [index for index, has in enumerate(text.select(digits).row(0)) if has]
    moments = [
        index for index, has in enumerate(text.select(pl.all().str.contains(_MOMENT).any()).row(0)) if has
    ]
    if long:
        # Read as flags, numbers are true and texts nothing.
        numbers = load("boolean", long)
        for index in long:
            column = pl.col(str(index))
            cut = column.str.contains(rf"^-?\d{{{_MOST_DIGITS + 1},}}$") & numbers[str(index)].is_not_null()
            shown = pl.when(cut).then(_as_excel_shows(column)).otherwise(column)
            text = text.with_columns(shown.alias(str(index)))
    if moments:
        # Read as spans of time, moments are some and texts nothing.
        spans = load("duration", moments)
        for index in moments:
            text = text.with_columns(_moments(text[str(index)], spans[str(index)].is_not_null()))
    return text


def _as_excel_shows(digits: pl.Expr) -> pl.Expr:
    """Return whole numbers as Excel shows long ones: `1.23456E+15`."""
    bare = digits.str.strip_prefix("-")
    sign = pl.when(digits.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit(""))
    return (
        sign
        + bare.str.slice(0, 1)
        + "."
        + bare.str.slice(1, 5)
        + "E+"
        + (bare.str.len_bytes() - 1).cast(pl.String)
    )


def _moments(column: pl.Series, is_moment: pl.Series) -> pl.Series:
    """Return days as dates if the column has no times of day, else times; times alone as they are."""
    given = column.filter(is_moment)
    only_days = bool((given.str.slice(11) == "00:00:00").all())
    cell = pl.col("cell")
    told = cell.str.slice(0, 10) if only_days else cell.str.slice(0, 10) + "T" + cell.str.slice(11)
    alone = cell < "1900-01-01"
    frame = pl.DataFrame({"cell": column, "is": is_moment})
    return frame.select(
        pl.when(pl.col("is")).then(pl.when(alone).then(cell.str.slice(11)).otherwise(told)).otherwise(cell)
    ).to_series().alias(column.name)  # fmt: skip


@contextmanager
def _open(path: Path) -> Iterator[fastexcel.ExcelReader]:
    with plain_file(path) as file:
        _check(path, file)
        with _errors(path):
            book = fastexcel.read_excel(file)
        yield book


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise CibError(f"{path}: is no XLSX, or damaged ({reason})", "Save it again, or as CSV.") from error


def _check(path: Path, file: Path) -> None:
    """Refuse a workbook that would not fit in memory, which its reader does not look after."""
    limit = max(FREE_SIZE, file.stat().st_size * MAX_RATIO)
    size = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                sheet = info.filename.startswith("xl/worksheets/")
                widest = last = 0
                carry = b""
                with archive.open(info) as member:
                    while block := member.read(BLOCK):
                        size += len(block)
                        if size > limit:
                            raise CibError(
                                f"{path}: grows more than {MAX_RATIO}-fold when unpacked, as a bomb does",
                                "If you trust the file, save it as CSV.",
                            )
                        if sheet:
                            places = set(_PLACE.findall(carry + block))
                            widest = max([widest, *(_column(letters) for letters, _ in places)])
                            last = max([last, *(int(row) for _, row in places)])
                            carry = block[-32:]
                if widest * last > MAX_CELLS:
                    raise CibError(
                        f"{path}: a sheet spreads over {last:,} rows and {widest:,} columns",
                        f"More than {MAX_CELLS:,} cells are not read: save it as CSV.",
                    )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise CibError(f"{path}: is no XLSX, or damaged ({error})", "Save it again, or as CSV.") from error


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
