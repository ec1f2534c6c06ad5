"""How well planted operations are found: `python -m bench evaluation --preset P --seeds 1,2 [--outsider]`.

Each dataset is made, loaded into one server, detected, ranked and evaluated; a table and JSON come out. What
was missed is told with the candidate that fits it best, what was found in vain with its look-alike, and both
with their signals.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from analytics.evaluation.answers import not_in_graph, read_lookalikes, read_ranked, read_truth
from analytics.evaluation.figures import evaluate
from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from bench.searching import detected, made, tables_of
from bench.servers import empty_graph, wipe
from cypher.session import Graph
from ingest.simulate import PRESETS

_FIGURES = ("hit", "planted", "false", "average_precision", "mean_f1", "least_f1", "lookalikes_above_planted")


def main(arguments: list[str]) -> None:
    """Evaluate presets over seeds, or datasets that are there; print a table, and JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench evaluation", description=__doc__)
    parser.add_argument(
        "--preset", action="append", choices=["all", *sorted(PRESETS)], help="may be repeated"
    )
    parser.add_argument("--seeds", default="1", help="separated by commas (default: %(default)s)")
    parser.add_argument("--background", type=int, default=4000, help="assets (default: %(default)s)")
    parser.add_argument(
        "--data", action="append", type=Path, help="a dataset with truth.csv, instead of presets"
    )
    parser.add_argument("--outsider", action="store_true", help="what the public sees")
    parser.add_argument(
        "--both", action="store_true", help="first as the platform sees it, then as the public"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="of [detect] or [rank]"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything that was counted")
    given = parser.parse_args(arguments)
    if given.data and (given.outsider or given.both):
        parser.error("--outsider is how a preset is made; name a dataset that was made so")
    sets = dict(text.split("=", 1) for text in given.set)
    settings = (
        DetectSettings.model_validate(
            {k: _value(v) for k, v in sets.items() if k in DetectSettings.model_fields}
        ),
        RankSettings.model_validate(
            {k: _value(v) for k, v in sets.items() if k in RankSettings.model_fields}
        ),
    )
    if unknown := sets.keys() - DetectSettings.model_fields.keys() - RankSettings.model_fields.keys():
        parser.error(f"no setting {', '.join(sorted(unknown))}")
    told: list[dict[str, Any]] = []
    with empty_graph() as (graph, _), tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        work = Path(folder)
        for place, (name, make) in enumerate(_jobs(given)):
            print(f"{name} ...", file=sys.stderr)
            data = make(work / f"data{place}")
            told.append({"dataset": name, **_one(graph, data, work / f"work{place}", settings)})
            _print_one(told[-1])
            wipe(graph)
            if given.json:
                given.json.write_text(json.dumps(told, indent=2), encoding="utf-8")
    _print_all(told)


def _jobs(given: argparse.Namespace) -> list[tuple[str, Callable[[Path], Path]]]:
    """Return for each dataset its name and what puts it into a folder and says where it is."""
    if given.data:
        return [(path.name, partial(_given, path)) for path in given.data]
    presets = given.preset or ["takedown-2019"]
    return [
        (
            f"{preset} {seed}{' outsider' * outsider}",
            partial(made, preset, int(seed), given.background, outsider),
        )
        for preset in (sorted(PRESETS) if "all" in presets else presets)
        for seed in given.seeds.split(",")
        for outsider in ((False, True) if given.both else (given.outsider,))
    ]


def _given(path: Path, _: Path) -> Path:
    return path


def _one(
    graph: Graph, data: Path, work: Path, settings: tuple[DetectSettings, RankSettings]
) -> dict[str, Any]:
    actions_dir, layers_dir = detected(graph, tables_of(data), work, settings[0])
    rank(graph, actions_dir=actions_dir, layers_dir=layers_dir, settings=settings[1], run="RUN-1")
    planted = pl.DataFrame(schema={"operation": pl.String, "asset": pl.String})
    if (data / "truth.csv").is_file():
        planted = read_truth(data)
    alike = next(iter(data.rglob("lookalikes.csv")), None)
    members, ranks, assets = read_ranked(graph)
    absent = not_in_graph(graph, planted)
    background = assets - (planted["asset"].n_unique() - len(absent))
    lookalikes = read_lookalikes(alike) if alike else None
    count = partial(evaluate, planted, absent=absent, background=background)
    told = count(members=members, ranks=ranks, lookalikes=lookalikes).as_dict()
    members, ranks, _ = read_ranked(graph, everything=True)
    everything = count(members=members, ranks=ranks, resamples=10).as_dict()
    fits = {row["operation"]: row for row in everything["operations"] if row["shared"]}
    told["candidates"] = [
        fits[row["operation"]] for row in told["operations"] if not row["shared"] and row["operation"] in fits
    ]
    asked = [row["operation_id"] for row in [*told["candidates"], *told["ranking"]]]
    signals = graph.read("operations/read_signals", operations=asked)
    told["signals"] = {
        one: {row["signal"]: round(row["bits"], 1) for row in signals if row["operation_id"] == one}
        for one in asked
    }
    return told


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _print_one(told: dict[str, Any]) -> None:
    for row in told["operations"]:
        where = (
            f"{row['operation_id']} rank {row['rank']}, {row['members']} members" if row["shared"] else "-"
        )
        print(f"  {row['operation']:24} {row['assets']:5}  F1 {row['f1']:.3f}  {where}")
    for row in told["absent"]:
        print(f"  not in the data: {row['assets']} of {row['operation']}")
    for row in told["candidates"]:
        print(f"  missed: {row['operation']}, candidate F1 {row['f1']:.3f}{_why(told, row)}")
    for row in told["ranking"]:
        if row["verdict"] == "false":
            alike = f", {row['kind_of_group']} {row['lookalike']}" if row["lookalike"] else ""
            print(f"  false: rank {row['rank']}, {row['members']} members{alike}{_why(told, row)}")


def _why(told: dict[str, Any], row: dict[str, Any]) -> str:
    bits = told["signals"].get(row["operation_id"], {})
    return (
        f": {sum(bits.values()):.1f} bits (" + ", ".join(f"{k} {v:+.1f}" for k, v in bits.items() if v) + ")"
    )


def _print_all(told: list[dict[str, Any]]) -> None:
    print(f"\n{'dataset':28}" + "".join(f"{name.replace('_', ' ')[:18]:>19}" for name in _FIGURES))
    for one in told:
        values = (one["figures"][name]["value"] for name in _FIGURES)
        cells = ("" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") for value in values)
        print(f"{one['dataset']:28}" + "".join(f"{cell:>19}" for cell in cells))
