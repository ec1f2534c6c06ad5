"""One large dataset of many made worlds, since one world of a million assets does not fit into memory.

The worlds are of different seeds, so that ids, links, pictures and identifiers differ; phrases, hashtags and
names are those of the generator, and recur from world to world as they do among as many people.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import polars as pl

from ingest.simulate import simulate

#: Ordinary assets of a world.
WORLD: Final = 50_000
#: What is named anew in each world, by table.
_NAMED: Final = {"truth": "operation", "lookalikes": "group"}


def make(assets: int, actions: int, seed: int, out_dir: Path, preset: str = "mixed") -> None:
    """Write a dataset of so many worlds as `assets` needs, a file a table, as `cib simulate` does.

    Args:
        assets: Ordinary assets; up to `WORLD` they are one world.
        actions: About how many posts and reactions, in all worlds together.
        seed: Of the first world; the next have the next ones.
        out_dir: Folder to write to; made where it is missing.
        preset: Of each world.
    """
    worlds = max(1, round(assets / WORLD))
    parts = out_dir / "worlds"
    for number in range(worlds):
        simulate(
            preset,
            background=assets // worlds,
            seed=seed + number,
            out_dir=parts / f"{number:03}",
            fmt="parquet",
            actions=actions // worlds,
        )
    for name in sorted({file.name for file in parts.glob("*/*")}):
        files = sorted(parts.glob(f"*/{name}"))
        if (table := Path(name).stem) in _NAMED:
            _together(files, _NAMED[table]).write_csv(out_dir / name)
        else:
            pl.scan_parquet(files).sink_parquet(out_dir / name, row_group_size=250_000)
    shutil.rmtree(parts)


def _together(files: list[Path], named: str) -> pl.DataFrame:
    """Return the rows of all worlds, with the world's number before the name in this column."""
    return pl.concat(
        pl.read_csv(file, infer_schema=False).with_columns(
            pl.format("{}-{}", pl.lit(file.parent.name), named).alias(named)
        )
        for file in files
    )
