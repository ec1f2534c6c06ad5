"""How well planted operations are found: `python -m bench evaluation --preset P --seeds 1,2 [--outsider]`.

Each dataset is made, loaded into one server, detected, ranked and evaluated; a table and JSON come out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from analytics.answers import read_lookalikes, read_ranked, read_truth
from analytics.detection import detect
from analytics.evaluation import evaluate
from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from bench.servers import empty_graph, wipe
from cypher.session import Graph
from ingest.loader import Places, load
from ingest.simulate import PRESETS, View, simulate

_FIGURES = ("hit", "planted", "false", "average_precision", "mean_f1", "least_f1", "lookalikes_above_planted")


def main(arguments: list[str]) -> None:
    """Evaluate presets over seeds, or datasets that are there; print a table, and JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench evaluation", description=__doc__)
    parser.add_argument("--preset", action="append", choices=sorted(PRESETS), help="may be repeated")
    parser.add_argument("--seeds", default="1", help="separated by commas (default: %(default)s)")
    parser.add_argument("--background", type=int, default=4000, help="assets (default: %(default)s)")
    parser.add_argument(
        "--data", action="append", type=Path, help="a dataset with truth.csv, instead of presets"
    )
    parser.add_argument("--outsider", action="store_true", help="what the public sees")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="of [detect] or [rank]"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything that was counted")
    given = parser.parse_args(arguments)
    if given.data and given.outsider:
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
        if given.data:
            jobs = [(path.name, path) for path in given.data]
        else:
            presets = given.preset or ["takedown-2019"]
            jobs = [(f"{p} {s}", work / p / s) for p in presets for s in given.seeds.split(",")]
        for place, (name, data) in enumerate(jobs):
            print(f"{name} ...", file=sys.stderr)
            if not given.data:
                preset, seed = name.rsplit(" ", 1)
                simulate(
                    preset,
                    background=given.background,
                    seed=int(seed),
                    out_dir=data,
                    fmt="parquet",
                    view=View(given.outsider),
                )
            told.append({"dataset": name, **_one(graph, data, work / f"work{place}", settings)})
            _print_one(told[-1])
            wipe(graph)
    _print_all(told)
    if given.json:
        given.json.write_text(json.dumps(told, indent=2), encoding="utf-8")


def _one(
    graph: Graph, data: Path, work: Path, settings: tuple[DetectSettings, RankSettings]
) -> dict[str, Any]:
    places = Places(work / "sources", work / "actions", work / "rejected")
    tables = [
        path
        for path in sorted(data.iterdir())
        if path.suffix in (".csv", ".parquet") and path.stem not in ("truth", "lookalikes")
    ]
    load(tables, graph=graph, places=places, run="RUN-1")
    layers = work / "layers"
    detect(graph, actions_dir=places.actions, layers_dir=layers, settings=settings[0], run="RUN-1")
    rank(graph, actions_dir=places.actions, layers_dir=layers, settings=settings[1], run="RUN-1")
    planted = pl.DataFrame(schema={"operation": pl.String, "asset": pl.String})
    if (data / "truth.csv").is_file():
        planted = read_truth(data)
    alike = next(iter(data.rglob("lookalikes.csv")), None)
    members, ranks, assets = read_ranked(graph)
    return evaluate(
        planted,
        members,
        ranks,
        background=assets - planted["asset"].n_unique(),
        lookalikes=read_lookalikes(alike) if alike else None,
    ).as_dict()


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
    for row in told["ranking"]:
        if row["verdict"] == "false":
            alike = f", {row['kind_of_group']} {row['lookalike']}" if row["lookalike"] else ""
            print(f"  false: {row['operation_id']} rank {row['rank']}, {row['members']} members{alike}")


def _print_all(told: list[dict[str, Any]]) -> None:
    print(f"\n{'dataset':28}" + "".join(f"{name.replace('_', ' ')[:18]:>19}" for name in _FIGURES))
    for one in told:
        values = (one["figures"][name]["value"] for name in _FIGURES)
        cells = ("" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") for value in values)
        print(f"{one['dataset']:28}" + "".join(f"{cell:>19}" for cell in cells))
