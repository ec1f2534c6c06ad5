"""What fitted weights would gain: `python -m bench fitting --train 11,12 --held-out 21,22 [--keep FOLDER]`.

Candidates of made datasets, as the platform and as the public sees them, are scored with a factor for each
signal's bits. The factors are fitted on the training seeds alone: the logarithmic loss of "is planted" at
odds of 2^(score - threshold), with a prior that each factor is log-normal around 1, which is what
`weights.toml` says. Each innocent candidate stands for as many as a background of 50,000 has of them, for
which the goals are. Both sets of weights are then told on the seeds held out. The rules of the sum (caps of
kinds, what one kind may bring, the price of the search) are those of `analytics.scoring` and stay.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize

from analytics.corrections import APART, RELATED, RELATING
from analytics.weights import (
    ALERT_THRESHOLD,
    KIND_CAPS,
    LEAST_OF_A_KIND,
    MOST_OF_ONE_KIND,
    SPEAKS_FROM,
    WEIGHTS,
)
from bench.candidates import measured
from bench.searching import made
from bench.servers import empty_graph, wipe

#: What is made of each seed, in both views.
PRESETS: Final = ("mixed", "takedown-2019", "background")
#: Standard deviation of a factor's logarithm before any data are seen: two in three lie between 0.6 and 1.65.
SPREAD: Final = 0.5
#: Assets that innocent candidates stand for.
BACKGROUND: Final = 50_000
_NAMES: Final = list(WEIGHTS)
_KINDS: Final = sorted(KIND_CAPS)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Candidates as columns.

    Attributes:
        datasets: Name of the dataset of each, shape (n,).
        of: Operations planted in the dataset of each, shape (n,).
        operations: Planted operation of each or None, shape (n,).
        bits: Shape (n, signals), in the order of `weights.toml`.
        counts: The share of each kind's bits that speaks of the same members, shape (n, kinds); held fixed.
        search: What each pays for the search, shape (n,), negative.
        stands_for: How many candidates each counts for, shape (n,).
    """

    datasets: list[str]
    of: list[int]
    operations: list[str | None]
    bits: Floats
    counts: Floats
    search: Floats
    stands_for: Floats

    @property
    def planted(self) -> NDArray[np.bool_]:
        """Which of them are planted, shape (n,)."""
        return np.array([one is not None for one in self.operations])

    @staticmethod
    def read(lines: pl.DataFrame, background: int) -> Candidates:
        """Return the candidates of `LINES`, found among so many ordinary assets."""
        wide = lines.pivot(
            "name", index=["dataset", "of", "community", "operation", "score"], values="bits"
        ).sort("dataset", "community")
        apart = [f"{APART}_{kind}" for kind in _KINDS]
        wide = wide.with_columns(
            pl.lit(0.0).alias(name) for name in [*_NAMES, *apart] if name not in wide.columns
        )
        bits = wide.select(pl.col(_NAMES).fill_null(0.0)).to_numpy()
        taken = wide.select(pl.col(apart).fill_null(0.0)).to_numpy()
        kinds = of_kinds(bits)
        found = Candidates(
            wide["dataset"].to_list(),
            wide["of"].to_list(),
            wide["operation"].to_list(),
            bits,
            1.0 + np.divide(taken, kinds, out=np.zeros_like(kinds), where=kinds > 0),
            wide["search"].to_numpy(),
            np.where(wide["operation"].is_null().to_numpy(), BACKGROUND / background, 1.0),
        )
        if not np.allclose(scores(found, np.ones(len(_NAMES))), wide["score"].to_numpy(), atol=0.02):
            sys.exit("bench.fitting sums bits otherwise than analytics.scoring does")
        return found


def of_kinds(bits: Floats) -> Floats:
    """Return the bits of each kind together, up to its cap, shape (n, kinds)."""
    return sums(bits, _NAMES).clip(max=[KIND_CAPS[kind] for kind in _KINDS])


def sums(bits: Floats, names: Collection[str]) -> Floats:
    """Return the bits that these signals bring each kind, shape (n, kinds)."""
    counted = bits.clip(min=0) * [name in names for name in _NAMES]
    of = np.array([[WEIGHTS[name].kind == kind for kind in _KINDS] for name in _NAMES])
    return np.asarray(counted @ of, dtype=np.float64)


def scores(candidates: Candidates, factors: Floats) -> Floats:
    """Return the sums as `analytics.scoring` makes them of bits times factors, shape (n,)."""
    bits = candidates.bits * factors
    against = bits.clip(max=0).sum(axis=1)
    kinds = of_kinds(bits) * candidates.counts
    total = kinds.sum(axis=1)
    related = np.array([kind in RELATED for kind in _KINDS])
    relating = kinds[:, related].max(axis=1)
    second = np.sort(kinds[:, ~related], axis=1)[:, -2]
    telling = sums(bits, set(_NAMES) - set(RELATING))
    alone = np.minimum(kinds, telling)[:, ~related].max(axis=1)
    among = (relating > 0) & (relating >= second)
    rests = among & (relating > alone)
    least = np.where(rests, SPEAKS_FROM, 0.0)
    weaker = np.where(rests, alone, np.where(among, relating, second))
    share = ((weaker - least) / (LEAST_OF_A_KIND - least)).clip(0.0, 1.0)
    for_it = total - (total - MOST_OF_ONE_KIND).clip(min=0) * (1 - share)
    return np.asarray(for_it + against + candidates.search, dtype=np.float64)


def loss(candidates: Candidates, factors: Floats) -> float:
    """Return the logarithmic loss of all candidates, in bits a dataset."""
    odds = scores(candidates, factors) - ALERT_THRESHOLD
    lost = candidates.stands_for * np.logaddexp2(0.0, np.where(candidates.planted, -odds, odds))
    return float(lost.sum() / len(set(candidates.datasets)))


def fit(candidates: Candidates) -> Floats:
    """Return the factors of least loss and prior together, shape (signals,); 1 where one never speaks."""
    speaks = np.flatnonzero(candidates.bits.any(axis=0))

    def full(logarithms: Floats) -> Floats:
        factors = np.ones(len(_NAMES))
        factors[speaks] = np.exp(logarithms)
        return factors

    def price(logarithms: Floats) -> float:
        total = loss(candidates, full(logarithms)) * len(set(candidates.datasets)) * np.log(2)
        return float(total + (logarithms**2).sum() / (2 * SPREAD**2))

    # The sum has corners where caps set in: a simplex-free method that needs no slope.
    found = minimize(price, np.zeros(len(speaks)), method="Powell", bounds=[(-1.4, 1.4)] * len(speaks))
    return full(found.x)


def figures(candidates: Candidates, factors: Floats) -> dict[str, float]:
    """Return what a set of weights does over all datasets.

    Returns:
        `loss`, operations `found` of those `planted`, `false` alerts, and `average_precision`, the mean over
        planted operations of the precision at each in its dataset's ranking, 0 where it is no alert.
    """
    told = scores(candidates, factors)
    datasets = np.array(candidates.datasets)
    precision, found, false = 0.0, 0, 0
    for dataset in sorted(set(candidates.datasets)):
        alerts = np.flatnonzero((datasets == dataset) & (told >= ALERT_THRESHOLD))
        hit = candidates.planted[alerts[np.argsort(-told[alerts], kind="stable")]]
        precision += float((hit.cumsum() / np.arange(1, len(hit) + 1))[hit].sum())
        found, false = found + int(hit.sum()), false + int((~hit).sum())
    planted = sum(dict(zip(candidates.datasets, candidates.of, strict=True)).values())
    return {
        "loss": loss(candidates, factors),
        "planted": planted,
        "found": found,
        "false": false,
        "average_precision": precision / planted if planted else 1.0,
    }


def collect(seeds: list[int], background: int) -> pl.DataFrame:
    """Make and measure every preset and view of these seeds; return `LINES`."""
    lines = []
    with empty_graph() as (graph, _), tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        for preset, seed, outsider in [(p, s, o) for s in seeds for p in PRESETS for o in (False, True)]:
            work = Path(folder) / f"{preset}-{seed}-{outsider}"
            name = f"{preset} {seed}{' outsider' * outsider}"
            print(f"{name} ...", file=sys.stderr)
            data = made(preset, seed, background, outsider, work / "data")
            lines.append(measured(graph, name, data, work / "work"))
            wipe(graph)
    return pl.concat(lines)


def main(arguments: list[str]) -> None:
    """Collect candidates, or take those kept; fit, and tell both sets of weights on both sets of seeds."""
    parser = argparse.ArgumentParser(prog="python -m bench fitting", description=__doc__)
    parser.add_argument("--train", default="11,12", help="seeds, separated by commas (default: %(default)s)")
    parser.add_argument("--held-out", default="21,22", help="seeds (default: %(default)s)")
    parser.add_argument("--background", type=int, default=4000, help="assets (default: %(default)s)")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="candidates; seeds there are not made again"
    )
    given = parser.parse_args(arguments)
    train, held_out = (
        Candidates.read(
            pl.concat([_kept(given.keep, int(seed), given.background) for seed in seeds.split(",")]),
            given.background,
        )
        for seeds in (given.train, given.held_out)
    )
    ones, fitted = np.ones(len(_NAMES)), fit(train)
    print(f"{'signal':24}{'factor':>8}{'spoke for planted':>20}{'for others':>12}")
    for place, name in enumerate(_NAMES):
        speaks = train.bits[:, place] != 0
        both = [int((speaks & which).sum()) for which in (train.planted, ~train.planted)]
        print(f"{name:24}{fitted[place]:8.2f}{both[0]:20}{both[1]:12}")
    print(f"\n{'seeds':12}{'weights':12}" + "".join(f"{name:>18}" for name in figures(train, ones)))
    for told, candidates in (("training", train), ("held out", held_out)):
        for which, factors in (("judged", ones), ("fitted", fitted)):
            cells = "".join(f"{value:18.4g}" for value in figures(candidates, factors).values())
            print(f"{told:12}{which:12}{cells}")


def _kept(folder: Path | None, seed: int, background: int) -> pl.DataFrame:
    file = folder / f"{background}-{seed}.parquet" if folder else None
    if file and file.is_file():
        return pl.read_parquet(file)
    lines = collect([seed], background)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        lines.write_parquet(file)
    return lines
