"""The workbook: for people who work in spreadsheets.

Ids are text, numbers are numbers and times real dates in UTC. Nothing is dropped: control characters that
XML forbids show as U+FFFD, a cell over the format's 32,767 characters is cut with a mark, and its table is
written whole as CSV beside the workbook; rows beyond the format's limit go on in `Edges (2)` and so on. Text
is never taken for a formula, link or number.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from analytics.exports.cover import TITLE, Cover
from analytics.exports.csv import export_table
from analytics.exports.options import Options
from analytics.exports.parts import run_time
from analytics.exports.sheets import write_sheet
from analytics.exports.tables import sheets
from analytics.files import written
from analytics.results import Results

_HOW: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def export_xlsx(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `operations.xlsx` into a folder; return its path, and those of tables that had cells cut.

    Raises:
        CibError: The file cannot be written, or one of rejected rows cannot be read.
    """
    path = out_dir / "operations.xlsx"
    with written(path) as partial:
        book = xlsxwriter.Workbook(str(partial), _HOW)
        # The file is the same whenever the same results are written.
        created = dt.datetime.fromisoformat(run_time(results)).replace(tzinfo=None)
        book.set_properties({"title": TITLE, "comments": "Made by cibgraph", "created": created})
        try:
            cover = Cover(book, book.add_worksheet("Read me"))
            done = [write_sheet(book, sheet) for sheet in sheets(results, options)]
            cover.write(results, options, done)
        finally:
            try:
                book.close()
            except FileCreateError as error:
                raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from error
    tables = [one.sheet.full for one in done if one.cut and one.sheet.full]
    return [path, *(export_table(results, table, out_dir, options) for table in tables)]
