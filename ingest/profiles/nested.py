"""JSON inside text cells: objects become dotted columns, arrays rows of their own.

Sources come as JSON with nested objects and as tables with dotted columns (`statistics.like_count`). With
this a profile is written once, for dotted columns. Values keep every digit; what is no JSON stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from ingest.database import batch_database
from ingest.profiles.printed import json_list

#: Marks columns on their way; no header ends so.
_NEW: Final = "\0new"
_ROW: Final = "\0row"

#: An object with more different names than this is no record: it stays JSON.
MAX_NAMES: Final = 200

# A NUL in a name or value is nothing that DuckDB, or a table, can hold.
_NAMES: Final = """
SELECT DISTINCT unnest(json_keys(cell)) AS name FROM cells ORDER BY name
"""
_OBJECTS: Final = """
SELECT row, cell FROM cells
WHERE NOT contains(cell, '\\u0000') AND json_valid(cell) AND json_type(cell) = 'OBJECT'
"""
_ITEMS: Final = """
WITH arrays AS (
    SELECT row, json_extract_string(cell, '$[*]') AS items FROM cells
    WHERE NOT contains(cell, '\\u0000') AND json_valid(cell) AND json_type(cell) = 'ARRAY')
SELECT row, unnest(items) AS item, generate_subscripts(items, 1) AS place FROM arrays ORDER BY row, place
"""


def flattened(batch: pl.DataFrame, *roots: str) -> pl.DataFrame:
    """Return a batch with the objects of some columns spread over dotted columns.

    Args:
        batch: Text columns, and `line`.
        roots: Columns, in order; one that an earlier one makes can be named too (`a`, then `a.b`).

    Returns:
        The same rows. `{"b": 1}` in column `a` becomes `1` in column `a.b`; arrays and objects in it stay
        JSON. Cells that are no objects stay in their column, which goes if nothing is left in it.
    """
    for root in roots:
        if root in batch.columns:
            batch = _spread(batch, root)
    return batch


def _spread(batch: pl.DataFrame, root: str) -> pl.DataFrame:
    cells = _candidates(batch, root, "{")
    if cells.is_empty():
        return batch
    with batch_database(cells=cells) as database:
        objects = database.sql(_OBJECTS).pl()
    with batch_database(cells=objects) as database:
        names = [name for name in database.sql(_NAMES).pl()["name"].to_list() if name.strip()]
        if objects.is_empty() or len(names) > MAX_NAMES:
            return batch
        pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
        found = objects.select("row", values=pl.lit(None, pl.List(pl.String)))
        if names:
            found = database.sql(
                "SELECT row, json_extract_string(cell, $pointers) AS values FROM cells",
                params={"pointers": pointers},
            ).pl()
    columns = [f"{root}.{name}" for name in names]
    wide = found.select(
        pl.col("row").cast(pl.get_index_type()).alias(_ROW),
        *(pl.col("values").list.get(index).alias(f"{name}{_NEW}") for index, name in enumerate(columns)),
    ).with_columns(pl.lit(value=True).alias(_NEW))
    joined = batch.with_row_index(_ROW).join(wide, on=_ROW, how="left", maintain_order="left")
    joined = joined.with_columns(
        pl.when(pl.col(_NEW).is_null()).then(pl.col(root)).alias(root),
        *(
            (pl.coalesce(f"{name}{_NEW}", name) if name in batch.columns else pl.col(f"{name}{_NEW}")).alias(
                name
            )
            for name in columns
        ),
    )
    gone = [_ROW, _NEW, *(f"{name}{_NEW}" for name in columns)]
    if joined[root].null_count() == joined.height:
        gone.append(root)
    return joined.drop(gone)


def items(batch: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the items of the JSON arrays of a column: `line` and `item` (text; objects as JSON), in order.

    Items that are null, and cells that are no arrays, give no rows.
    """
    if column not in batch.columns:
        return pl.DataFrame(schema={"line": pl.Int64, "item": pl.String})
    cells = _candidates(batch, column, "[")
    if cells.is_empty():
        return pl.DataFrame(schema={"line": pl.Int64, "item": pl.String})
    with batch_database(cells=cells) as database:
        found: pl.DataFrame = database.sql(_ITEMS).pl()
    lines = batch.select("line").with_row_index("row")
    return (
        found.drop_nulls("item")
        .with_columns(pl.col("row").cast(pl.get_index_type()))
        .join(lines, on="row", how="left", maintain_order="left")
        .select("line", "item")
    )


def _candidates(batch: pl.DataFrame, column: str, opening: str) -> pl.DataFrame:
    cells = batch.select(pl.col(column).alias("cell")).with_row_index("row")
    return cells.filter(pl.col("cell").str.strip_chars_start().str.starts_with(opening))


def holds(cells: pl.Series, name: str) -> bool:
    """Return whether an object with this name seems to be among some cells."""
    needle = json.dumps(name)
    return bool(cells.str.contains(needle, literal=True).fill_null(value=False).any())


def plucked(batch: pl.DataFrame, paths: Iterable[str], root: str | None = None) -> pl.DataFrame:
    """Return values from within the JSON of a batch, a column each, named by the path.

    Args:
        batch: Text columns.
        paths: Names and positions from the top, with `/` between (`user/name`). A step `*` stands for all
            elements of a list, and makes the value a JSON array of texts, without what is null.
        root: Column whose JSON is the top; None where the columns are the members of the top.

    Returns:
        As many rows as the batch, text columns; null where there is no such value, or no JSON.
    """
    wanted = dict.fromkeys(paths)
    columns = dict.fromkeys([root] if root else [path.split("/")[0] for path in wanted])
    found: dict[str, pl.Series] = {}
    for column in columns:
        inner = {path: path if root else path[len(str(column)) + 1 :] for path in wanted}
        if not root:
            inner = {path: rest for path, rest in inner.items() if path.split("/")[0] == column}
        if column in batch.columns:
            found |= {path: batch[column] for path, rest in inner.items() if not rest}
            found |= _values(batch[column], {path: rest for path, rest in inner.items() if rest})
    nothing = pl.Series([None], dtype=pl.String).extend_constant(None, batch.height).head(batch.height)
    return pl.DataFrame({path: found.get(path, nothing).alias(path) for path in wanted})


def _values(cells: pl.Series, inner: Mapping[str, str]) -> dict[str, pl.Series]:
    """Return the values at paths, named by what they are asked for, within the JSON of cells."""
    objects = _candidates(pl.DataFrame({"cell": cells}), "cell", "")
    plain = [path for path, rest in inner.items() if "*" not in rest.split("/")]
    lists = [path for path in inner if path not in plain]
    steps = {
        path: [f'."{step}"' if step != "*" else "[*]" for step in inner[path].split("/")] for path in lists
    }
    selected = ["json_extract_string(cell, $pointers) AS plain"] + [
        f"list_filter(json_extract_string(cell, $list{number}), lambda x: x IS NOT NULL) AS list{number}"
        for number in range(len(lists))
    ]
    query = f"""
        SELECT row, {", ".join(selected)} FROM cells
        WHERE NOT contains(cell, '\\u0000') AND json_valid(cell) ORDER BY row
    """  # noqa: S608
    params: dict[str, object] = {"pointers": ["/" + inner[path] for path in plain] or ["/"]}
    params |= {f"list{number}": "$" + "".join(steps[path]) for number, path in enumerate(lists)}
    with batch_database(cells=objects) as database:
        read: pl.DataFrame = database.sql(query, params=params).pl()
    wide = read.select(
        pl.col("row").cast(pl.get_index_type()),
        *(pl.col("plain").list.get(index).alias(path) for index, path in enumerate(plain)),
        *(json_list(pl.col(f"list{number}")).alias(path) for number, path in enumerate(lists)),
    )
    rows = pl.DataFrame({"row": pl.int_range(len(cells), dtype=pl.get_index_type(), eager=True)})
    whole = rows.join(wide, on="row", how="left", maintain_order="left")
    return {path: whole[path] for path in inner}
