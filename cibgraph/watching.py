"""The assets that a file names, for `cib watch`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from cypher.errors import UsageError
from ingest.reading import find_files, open_table

_KINDS: Final = ("account", "page", "group")
_KEY: Final = rf"^[a-z0-9_.-]+:(?:{'|'.join(_KINDS)}):\S.*$"
#: What keeps a spreadsheet from taking a cell for a formula.
_GUARD: Final = r"^'([=+\-@\t\r])"
#: Rows and characters that are taken in and shown.
_MOST: Final = 1_000_000
_LONGEST: Final = 1_000
_SHOWN: Final = 5


def read_assets(path: Path) -> pl.DataFrame:
    """Return the assets that a file, or the tables of a folder, ZIP or workbook, name: `asset`, `note`.

    Raises:
        UsageError: It cannot be read, has no such columns, or a row names no asset.
        CibError: It is damaged.
    """
    if path.suffix == ".txt" and path.is_file():
        frames = [_lines(path)]
    else:
        frames = [_table(file) for file in find_files([path]).files]
    assets = pl.concat(frames)
    if assets.height > _MOST:
        raise UsageError(f"{path} names {assets.height:,} assets", f"At most {_MOST:,} can be watched.")
    wrong = assets.filter(~pl.col("asset").str.contains(_KEY).fill_null(value=False))
    if wrong.height:
        told = [
            f"{row[0]}: {row[1] or 'nothing'}" for row in wrong.select("place", "asset").head(_SHOWN).rows()
        ]
        raise UsageError(
            f"{wrong.height:,} row{'s' * (wrong.height > 1)} of {path} name no asset: {'; '.join(told)}",
            f"An asset has an id, and the kind {', '.join(_KINDS)}. Nothing was taken in.",
        )
    # A note is quoted wherever it is shown, and must not end the quotation.
    note = pl.col("note").str.replace_all("[“”]", "'").str.strip_chars().str.slice(0, _LONGEST)
    return assets.select("asset", note=pl.when(note != "").then(note))


def _lines(path: Path) -> pl.DataFrame:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "It must be text in UTF-8.") from error
    rows = [
        (f"{path}:{number}", *[*line.split(maxsplit=1), None][:2])
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("place", "asset", "note"), pl.String), orient="row")


def _table(path: Path) -> pl.DataFrame:
    frames = []
    for batch in open_table(path).batches:
        if batch.rejects.height:
            row = batch.rejects.row(0, named=True)
            raise UsageError(
                f"{path}, line {row['line']}: {row['reason']}", "Mend the file. Nothing was taken in."
            )
        frame = batch.frame
        if "key" not in frame.columns and not {"id", "kind"} <= set(frame.columns):
            named = [name for name in frame.columns if name != "line"]  # which reading adds
            raise UsageError(
                f"{path} has the columns {', '.join(named[:10])}",
                "It needs id and kind (and platform, if that is not Facebook), or key; note says why.",
            )
        frames.append(frame.select(place=pl.concat_str(pl.lit(f"{path}:"), "line"), **_named(frame)))
    return pl.concat(frames) if frames else _lines(path).clear()


def _named(frame: pl.DataFrame) -> dict[str, pl.Expr]:
    note = pl.col("note") if "note" in frame.columns else pl.lit(None, pl.String)
    if "key" in frame.columns:
        return {"asset": pl.col("key").str.strip_chars(), "note": note}
    platform = pl.col("platform") if "platform" in frame.columns else pl.lit(None, pl.String)
    asset = pl.concat_str(
        platform.str.strip_chars().str.to_lowercase().fill_null("facebook"),
        pl.col("kind").str.strip_chars().str.to_lowercase(),
        pl.col("id").str.strip_chars().str.replace(_GUARD, "$1"),
        separator=":",
    )
    return {"asset": asset, "note": note}
