"""Tables that a source's staged tables imply: assets that rows only mention, and who paid for which ad."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as papq

from ingest import normalise
from ingest.database import open_database, quoted
from ingest.tables import NO_PAGE

#: The kind of asset that runs an ad: an account on Instagram, which has no Pages; null where nobody is named.
RUNNER: Final = (
    f"CASE WHEN starts_with(page_id, '{NO_PAGE}') THEN NULL"
    " WHEN platform = 'instagram' THEN 'account' ELSE 'page' END"
)

#: Of each table the assets that its rows name: SQL of the kind, and the column of the id.
_NAMED: Final = {
    "admins": (("'account'", "account_id"), ("asset_kind", "asset_id")),
    "members": (("'account'", "account_id"), ("'group'", "group_id")),
    "links": (("source_kind", "source_id"), ("target_kind", "target_id")),
    "identifiers": (("asset_kind", "asset_id"),),
    "page_admin_countries": (("'page'", "page_id"),),
    "page_history": (("'page'", "page_id"),),
    "ads": ((RUNNER, "page_id"),),
    "posts": (("author_kind", "author_id"), ("surface_kind", "surface_id")),
    "reactions": (
        ("'account'", "account_id"),
        ("CASE target_kind WHEN 'page' THEN 'page' END", "target_id"),
    ),
}
#: The kind of asset that each of these tables describes.
DESCRIBED: Final = {"accounts": "account", "pages": "page", "groups": "group"}
_PAYERS: Final = pl.Schema({"ad": pl.String(), "as": pl.String(), "payer": pl.String(), "name": pl.String()})
_BATCH: Final = 65_536


def derive(folder: Path) -> None:
    """Write `mentions.parquet` and `payers.parquet` of the staged tables in a folder, where they have rows.

    `mentions`: key, platform, kind, id of each asset that a row names and no table of the source describes.
    `payers`: ad, as (`payer`, `beneficiary`), payer (a key), name, in the order of the ads.
    """
    _mentions(folder)
    if (folder / "ads.parquet").exists():
        _payers(folder)


def payer_key(name: str) -> str:
    """Return the key of a payer: spellings that differ in case, width or spaces are one payer."""
    return "payer:" + normalise.shortened(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def _mentions(folder: Path) -> None:
    named = [
        f"SELECT platform, {kind} AS kind, {column} AS id FROM {_table(folder, table)}"  # noqa: S608
        for table, ends in _NAMED.items()
        if (folder / f"{table}.parquet").exists()
        for kind, column in ends
    ]
    if not named:
        return
    described = [
        f"SELECT platform, '{kind}' AS kind, id FROM {_table(folder, table)}"  # noqa: S608
        for table, kind in DESCRIBED.items()
        if (folder / f"{table}.parquet").exists()
    ]
    known = f" ANTI JOIN ({' UNION ALL '.join(described)}) USING (platform, kind, id)" if described else ""
    path = folder / "mentions.parquet"
    with open_database(folder / "spill") as database:
        rows = database.sql(
            "SELECT DISTINCT concat_ws(':', platform, kind, id) AS key, platform, kind, id"  # noqa: S608
            f" FROM ({' UNION ALL '.join(named)}){known} WHERE kind IS NOT NULL AND id IS NOT NULL"
        )
        rows.to_parquet(str(path), compression="lz4_raw")
    if not papq.read_metadata(path).num_rows:
        path.unlink()


def _payers(folder: Path) -> None:
    path = folder / "payers.parquet"
    rows = 0
    with papq.ParquetWriter(path, pl.DataFrame(schema=_PAYERS).to_arrow().schema, compression="lz4") as out:
        for part in _paid(folder / "ads.parquet"):
            out.write_table(part.to_arrow())
            rows += part.height
    if not rows:
        path.unlink()


def _paid(ads: Path) -> Iterator[pl.DataFrame]:
    with papq.ParquetFile(ads) as file:
        roles = [role for role in ("payer", "beneficiary") if role in file.schema_arrow.names]
        for batch in file.iter_batches(_BATCH, columns=["platform", "id", *roles]):
            frame = pl.DataFrame(batch)
            for role in roles:
                keys = {name: payer_key(name) for name in frame[role].unique().drop_nulls()}
                if not keys:
                    continue
                yield frame.filter(pl.col(role).is_not_null()).select(
                    pl.concat_str("platform", pl.lit("ad"), "id", separator=":").alias("ad"),
                    pl.lit(role).alias("as"),
                    pl.col(role).replace_strict(keys, return_dtype=pl.String).alias("payer"),
                    pl.col(role).alias("name"),
                )


def _table(folder: Path, name: str) -> str:
    return f"read_parquet({quoted(folder / f'{name}.parquet')})"
