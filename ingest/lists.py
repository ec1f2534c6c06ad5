"""List cells: a JSON array, or values separated by `|`."""

from __future__ import annotations

import polars as pl

from ingest.database import batch_database
from ingest.values import country

BAD_LIST = "not a valid JSON array; write one, or separate the values by |"

_ARRAYS = """
SELECT row, CASE WHEN json_valid(cell) AND json_type(cell) = 'ARRAY'
    THEN list_filter(json_extract_string(cell, '$[*]'), lambda item: item IS NOT NULL) END AS items
FROM cells ORDER BY row
"""


def parse_lists(cells: pl.Series, *, countries: bool = False) -> tuple[pl.Series, pl.Series]:
    """Return a list for each cell, null for none, and whether the cell is a broken JSON array.

    Numbers in an array keep their digits.
    """
    array = cells.str.starts_with("[").fill_null(value=False)
    values = cells.set(array, None).str.split("|")
    broken = pl.Series(cells.name, [], pl.Boolean).extend_constant(False, len(cells))
    if array.any():
        rows = pl.DataFrame({"row": array.arg_true(), "cell": cells.filter(array)})
        with batch_database(cells=rows) as database:
            read = database.sql(_ARRAYS).pl()
        frame = pl.DataFrame({"row": pl.int_range(len(cells), eager=True, dtype=pl.UInt32), "old": values})
        joined = frame.join(
            read.with_columns(pl.col("row").cast(pl.UInt32)), on="row", how="left", maintain_order="left"
        )
        values = joined.select(pl.coalesce("items", "old"))["items"]
        broken = array & values.is_null()
    items = pl.element().str.strip_chars()
    trimmed = values.list.eval(items.filter(items != ""))
    if countries:
        trimmed = trimmed.list.eval(country(pl.element()))
    empty = (trimmed.list.len() == 0).fill_null(value=True)
    frame = pl.DataFrame({"values": trimmed, "empty": empty})
    return frame.select(pl.when(~pl.col("empty")).then("values"))["values"], broken
