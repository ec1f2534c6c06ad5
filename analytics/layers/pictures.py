"""`shared_image`: assets that show the same profile picture, by the distance of perceptual hashes.

Pairs of hashes that differ in less than an eighth of their bits are found by multi-index hashing (Norouzi,
Punjani and Fleet 2012): two hashes of B bits that differ in at most B / 8 - 1 differ by at most one in some
of their B / 16 pieces of 16 bits, so each piece is looked up as it is and with each of its bits turned.

Null model: the pictures are unrelated. Distances of unrelated pictures are spread wider than those of B fair
coins, since bits of a picture go together; so they are taken for binomial with as many independent bits as
their mean and variance in this data tell (Daugman 2003). What more than `MOST_COPIES` assets of a platform
show is a default or a stock picture: who shows it is left out, and counted.
"""

from __future__ import annotations

from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from scipy.special import betainc

from analytics.layers.answers import number
from analytics.layers.log import open_database
from analytics.layers.statistics import Floats

#: A picture that more assets of one platform than this show is a default or a stock picture.
MOST_COPIES: Final = 12
#: Lengths, in bits, of hashes that can be compared: pHash, dHash and aHash have 64, PDQ has 256.
_LENGTHS: Final = (64, 128, 256)
_PIECE: Final = 16
#: Pieces that so many different hashes have in common are no help in finding the like of one.
_MOST_OF_A_PIECE: Final = 2_000
#: Pairs of hashes from which the null is taken, and those that the prior of half independent bits counts for.
_SAMPLE: Final = 100_000
_PRIOR: Final = 50


def picture_pairs(assets: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the pairs of assets that show one picture, and counts.

    Args:
        assets: `asset`, `platform`, `picture` (a hash in hexadecimal digits; any other text is compared as it
            stands), no nulls.
        seed: Of the sample that the null is taken from.

    Returns:
        `source`, `target`, `object_kind`, `object` (the hash, or both), `p_value`, and counts for the record.
    """
    shown = assets.with_columns(
        pl.when(_is_hash()).then(pl.col("picture").str.to_lowercase()).otherwise("picture").alias("picture")
    )
    hashes = shown.select(pl.col("picture").unique().sort()).with_row_index("id")
    marks = hashes.filter(~_is_hash())
    near, unhelpful = [marks.select(one="picture", other="picture", p_value=pl.lit(0.0))], 0
    for bits in _LENGTHS:
        of_length = hashes.filter(_is_hash() & (pl.col("picture").str.len_bytes() == bits // 4))
        if of_length.height > 0:
            found, dropped = _near(of_length, bits, seed)
            near.append(found)
            unhelpful += dropped
    pairs, popular = _of_assets(shown, pl.concat(near))
    return pairs, {"popular_pictures": popular, "pieces_left_out": unhelpful}


def alike(pictures: pl.Series, among: pl.Series) -> pl.DataFrame:
    """Return `one`, `other`: for each of some pictures those that are near it, itself included.

    Args:
        pictures: Hashes; any other text is like itself only.
        among: All that they are looked up among.
    """
    asked = pl.DataFrame({"picture": pictures.unique()}).with_columns(asked=pl.lit(value=True))
    every = (
        pl.DataFrame({"picture": pl.concat([pictures, among]).unique().sort()})
        .join(asked, on="picture", how="left", maintain_order="left")
        .with_row_index("id")
    )
    found = [asked.select(one="picture", other="picture")]
    for bits in _LENGTHS:
        hashes = every.filter(_is_hash() & (pl.col("picture").str.len_bytes() == bits // 4))
        table = _in_pieces(hashes.with_columns(pl.col("picture").str.to_lowercase()), bits)
        with open_database() as database:
            near, _ = _looked_up(database, table, bits, hashes.filter("asked").select("id"))
        names = hashes.select("id", "picture")
        found.append(
            near.join(names.rename({"id": "a", "picture": "one"}), on="a")
            .join(names.rename({"id": "b", "picture": "other"}), on="b")
            .select("one", "other")
        )
    return pl.concat(found)


def _is_hash() -> pl.Expr:
    lengths = "|".join(f"[0-9a-fA-F]{{{bits // 4}}}" for bits in _LENGTHS)
    return pl.col("picture").str.contains(f"^(?:{lengths})$")


def _near(hashes: pl.DataFrame, bits: int, seed: int) -> tuple[pl.DataFrame, int]:
    """Return pairs of hashes near each other or equal (`one`, `other`, `p_value`), and pieces left out."""
    picture = pl.col("picture")
    table = _in_pieces(hashes, bits)
    words = table.select(pl.selectors.starts_with("w")).to_numpy()
    with open_database() as database:
        found, dropped = _looked_up(database, table, bits)
    itself = hashes.select(a="id", b="id", apart=pl.lit(0, pl.Int32))
    all_found = pl.concat([itself, found])
    apart = all_found["apart"].to_numpy().astype(np.float64)
    names = [
        hashes.select(pl.col("id").alias(end), picture.alias(name))
        for end, name in (("a", "one"), ("b", "other"))
    ]
    named = (
        all_found.with_columns(p_value=pl.Series(_by_chance(apart, words, bits, seed)))
        .join(names[0], on="a")
        .join(names[1], on="b")
    )
    return named.select("one", "other", "p_value"), dropped


def _in_pieces(hashes: pl.DataFrame, bits: int) -> pl.DataFrame:
    """Return `id`, `picture` with its words of 64 bits `w…` and its pieces of 16 bits `c…`."""
    picture = pl.col("picture")
    return hashes.select("id", "picture").with_columns(
        *(
            picture.str.slice(place * 16, 16).str.to_integer(base=16, dtype=pl.UInt64).alias(f"w{place}")
            for place in range(bits // 64)
        ),
        *(
            picture.str.slice(place * 4, 4).str.to_integer(base=16, dtype=pl.UInt16).alias(f"c{place}")
            for place in range(bits // _PIECE)
        ),
    )


def _looked_up(
    database: duckdb.DuckDBPyConnection, table: pl.DataFrame, bits: int, asked: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, int]:
    """Return `a`, `b`, `apart` of hashes near each other, each pair once, and pieces left out.

    Args:
        database: An empty one.
        table: As `_in_pieces` returns it.
        bits: Of each hash.
        asked: `id` of those whose like is asked for; then `a` is one of them, and a pair of two comes twice.
    """
    of, order = ("hashes", "x.id < y.id") if asked is None else ("asked", "x.id <> y.id")
    database.register("given", table.to_arrow())
    database.execute("CREATE TABLE hashes AS FROM given")
    if asked is not None:
        database.register("given_ids", asked.to_arrow())
        database.execute("CREATE TABLE asked AS SELECT hashes.* FROM hashes JOIN given_ids USING (id)")
    database.execute("CREATE TABLE turned (mask USMALLINT)")
    database.executemany("INSERT INTO turned VALUES (?)", [[0], *([1 << bit] for bit in range(_PIECE))])
    apart = " + ".join(f"bit_count(xor(x.w{place}, y.w{place}))" for place in range(bits // 64))
    database.execute("CREATE TABLE found (a UINTEGER, b UINTEGER, apart INTEGER)")
    dropped = 0
    for place in range(bits // _PIECE):
        piece = f"c{place}"
        database.execute(
            "CREATE OR REPLACE TEMP TABLE usual AS"  # noqa: S608
            f" SELECT {piece} AS piece FROM hashes GROUP BY ALL HAVING count(*) > {_MOST_OF_A_PIECE}"
        )
        dropped += number(database, "SELECT count(*) FROM usual")
        database.execute(
            f"""
            INSERT INTO found
            SELECT x.id, y.id, {apart} FROM
                (SELECT {of}.*, xor({piece}, mask) AS piece FROM {of}, turned) AS x
                JOIN (SELECT * FROM hashes ANTI JOIN usual ON {piece} = piece) AS y ON y.{piece} = x.piece
            WHERE {order} AND {apart} < {bits // 8}
            """  # noqa: S608
        )
    found = database.sql("SELECT DISTINCT * FROM found ORDER BY ALL").to_arrow_table()
    return pl.DataFrame(found), dropped


def _by_chance(apart: Floats, words: np.ndarray[Any, np.dtype[np.uint64]], bits: int, seed: int) -> Floats:
    """Return the chance that two unrelated pictures are so near, given how far pictures are apart here."""
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, len(words), (2, _SAMPLE))
    one, other = one[one != other], other[one != other]
    distance = np.bitwise_count(words[one] ^ words[other]).sum(axis=1, dtype=np.float64)
    # So many pairs are different ones at most, however many are drawn.
    told = min(distance.size, len(words) * (len(words) - 1) // 2)
    distance = distance if told else np.full(1, bits / 2)
    turned = (distance.mean() * told + bits / 2 * _PRIOR) / (told + _PRIOR) / bits
    variance = (distance.var() * told + bits / 2 * _PRIOR) / (told + _PRIOR)
    independent = min(float(bits), turned * (1 - turned) * bits**2 / variance)
    within = apart * independent / bits
    chance: Floats = betainc(independent - within, within + 1, 1 - turned)
    return chance


def _of_assets(shown: pl.DataFrame, near: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the pairs of assets of one platform, and how many pictures are popular."""
    copies = shown.group_by("platform", "picture").agg(copies=pl.len())
    there = copies.select("platform", one="picture")
    alike = (
        pl.concat([near, near.select(one="other", other="one", p_value="p_value")])
        .unique()
        .join(there, on="one")
        .join(copies.rename({"picture": "other"}), on=["platform", "other"])
    )
    around = alike.group_by("platform", picture="one").agg(around=pl.col("copies").sum())
    rare = around.filter(pl.col("around") <= MOST_COPIES)
    able = shown.join(rare, on=["platform", "picture"], how="semi")
    pairs = (
        near.join(able.rename({"asset": "source", "picture": "one"}), on="one")
        .join(able.rename({"asset": "target", "picture": "other"}), on=["platform", "other"])
        .filter((pl.col("one") != pl.col("other")) | (pl.col("source") < pl.col("target")))
        .select(
            source=pl.min_horizontal("source", "target"),
            target=pl.max_horizontal("source", "target"),
            object_kind=pl.lit("picture"),
            object=pl.when(pl.col("one") == pl.col("other"))
            .then("one")
            .otherwise(pl.format("{} {}", "one", "other")),
            p_value="p_value",
        )
        .sort("source", "target")
    )
    return pairs, around.height - rare.height
