"""Near-duplicate texts: what a million take, and how many of the similar pairs are found."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from analytics.layers.candidates import Likeness
from analytics.layers.near_copies import near_copies
from analytics.layers.shingles import forms, shingled
from bench.rows import Row, within

_SIMILARITY: Final = 0.6
#: Letters of the alphabets in turn, by the share of texts that are written in them.
_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщыэюя",
    "ابتثجحدرسشعغفقکلمنهوی", "กขคงจชดตถทนบปพมยรลวสหอ",
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年",
)  # fmt: skip
_VOCABULARY: Final = 20_000
_MIB: Final = 2**20


def run() -> list[Row]:
    """Measure a million texts in a process of its own, and a sample in full."""
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "bench.similar_texts", "1000000"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    note = f"{told['texts']:,} distinct, {told['pairs']:,} pairs; {told['cpu']:.0f} s of processor time"
    recall, precision, pairs = sampled(4_000)
    return [
        within("near-duplicates of 1,000,000 texts", told["seconds"], "s", 120, note),
        within("the same: memory", told["memory"], "MiB", 2048),
        Row("similar pairs found of 4,000 texts, all against all", 100 * recall, "%", None, recall, 0.99,
            note=f"of {pairs:,} pairs; {100 * precision:.0f}% of those found are similar"),
    ]  # fmt: skip


def made_texts(texts: int, seed: int = 5) -> pl.Series:
    """Return texts of some 100 characters in six scripts; a fifth are others with up to three words changed.

    Args:
        texts: How many.
        seed: The same seed gives the same texts.
    """
    draw = np.random.default_rng(seed)
    parts = []
    for place, letters in enumerate(_ALPHABETS):
        size = texts * (place + 1) // len(_ALPHABETS) - texts * place // len(_ALPHABETS)
        parted = " " if place < 4 else ""
        lengths = draw.integers(2, 10, _VOCABULARY) if parted else draw.integers(1, 5, _VOCABULARY)
        codes = np.array(list(letters))
        words = pl.Series(["".join(codes[draw.integers(0, len(letters), length)]) for length in lengths])
        chosen = (draw.random((size, 15)) ** 2 * _VOCABULARY).astype(np.int64)
        # Families of two to twenty: each text is the first of its family with up to three words changed.
        copies = np.flatnonzero(draw.random(size) < 0.2)
        first = draw.integers(0, max(size // 50, 1), copies.size)
        changed = chosen[first]
        for _ in range(3):
            where = draw.integers(0, 15, copies.size)
            changed[np.arange(copies.size), where] = np.where(
                draw.random(copies.size) < 0.6, draw.integers(0, _VOCABULARY, copies.size),
                changed[np.arange(copies.size), where],
            )  # fmt: skip
        chosen[copies] = changed
        frame = pl.DataFrame([words.gather(chosen[:, n]).alias(str(n)) for n in range(15)])
        parts.append(frame.select(pl.concat_str(pl.all(), separator=parted)).to_series())
    return pl.concat(parts).rename("text")


def sampled(texts: int) -> tuple[float, float, int]:
    """Return recall and precision of a sample's pairs, against all with all, and how many are similar."""
    given = forms(made_texts(texts)).drop_nulls().unique().sort()
    hashes, starts = shingled(given)
    sets = [set(hashes[start:end].tolist()) for start, end in pairwise(starts.tolist())]
    by_shingle: dict[int, list[int]] = {}
    for place, members in enumerate(sets):
        for member in members:
            by_shingle.setdefault(member, []).append(place)
    # Pairs without a shingle in common have nothing to compare.
    together = {pair for places in by_shingle.values() for pair in combinations(places, 2)}
    similar = {(a, b) for a, b in together if len(sets[a] & sets[b]) >= _SIMILARITY * len(sets[a] | sets[b])}
    with tempfile.TemporaryDirectory(prefix="cib-bench-") as work:
        made = near_copies([given], len(given), Likeness("letters", shingled, _SIMILARITY), Path(work))
    found = set(zip(made.a.tolist(), made.b.tolist(), strict=True))
    return len(found & similar) / len(similar), len(found & similar) / len(found), len(similar)


def _measured(texts: int) -> dict[str, Any]:
    """Find the similar texts of so many as the layer does, from a file of posts; return what it took."""
    import time

    from analytics.layers.log import log_of_layer, open_database, posted_of, posts_of_file

    with tempfile.TemporaryDirectory(prefix="cib-bench-") as folder, open_database() as database:
        posts = Path(folder) / "posts.parquet"
        subprocess.run([sys.executable, "-m", "bench.similar_texts", str(texts), str(posts)], check=True)
        started, spent = time.perf_counter(), time.process_time()
        posted_of(database, [posts_of_file(database, posts)])
        database.execute(
            "CREATE VIEW acted AS SELECT 'text' AS kind, md5(text) AS object, post AS actor,"
            ' 0::BIGINT AS "at", post FROM posted'
        )
        counts = log_of_layer(database, "co_similar_text", 3600, similarity=_SIMILARITY)
        database.execute("CREATE TABLE made AS FROM log")
        return {
            "seconds": time.perf_counter() - started,
            "cpu": time.process_time() - spent,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MIB,
            "texts": counts["texts_compared"],
            "pairs": counts["similar_pairs"],
        }


if __name__ == "__main__":
    if len(sys.argv) > 2:
        made = made_texts(int(sys.argv[1])).to_frame()
        made.with_columns(post=pl.format("post:{}", pl.int_range(pl.len()))).write_parquet(sys.argv[2])
    else:
        print(json.dumps(_measured(int(sys.argv[1]))))
