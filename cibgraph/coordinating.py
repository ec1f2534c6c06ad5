"""What `cib coordinate` does: gather the actions, find the edges of each layer, write them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, cast

import duckdb

from analytics.files import written
from analytics.layers.actions import Rule
from analytics.layers.coordination import find_edges, list_co_actions
from analytics.layers.edge_files import as_text, check_suffix, write_edges, write_table
from analytics.layers.interval import estimated_window
from analytics.layers.log import TEMPORAL_LAYERS, open_database
from analytics.layers.tables import HOT_BUDGET, one_layer, rule_of
from cibgraph.context import Context
from cibgraph.gathering import Gathered, gather
from cibgraph.output import print_rows
from cypher.errors import UsageError

#: The exit code when some rows were rejected.
_ROWS_REJECTED: Final = 3
_DEFAULT_WINDOW: Final = 60.0
#: Edges that a terminal shows.
_READ: Final = 500


@dataclass(frozen=True)
class Order:
    """What was asked for; the options of the command by their names."""

    layers: Sequence[str]
    windows: Sequence[str]
    min_participation: int
    edge_weight: float
    keep_loops: bool
    null: str
    max_co_actions: int
    text_similarity: float
    out: Path | None
    pairs: Path | None
    record: Path | None
    rejected: Path | None
    profile: str | None
    fmt: str


def carry_out(context: Context, paths: Sequence[Path], order: Order) -> int:
    """Find and write the edges; return the exit code.

    Raises:
        UsageError: An option or a file cannot be used.
        CibError: A file is damaged or cannot be written.
    """
    windows = _windows(order.windows)
    if order.out:
        check_suffix(order.out, networks=True)
    if order.pairs:
        check_suffix(order.pairs, networks=False)
    context.kept = "nothing was written"
    with TemporaryDirectory(prefix="cib-") as work, open_database() as database:
        gathered = gather(
            database,
            paths,
            layers=order.layers,
            profile=order.profile,
            work=Path(work),
            rejected_file=order.rejected or Path(work) / "rejected.ndjson",
            progress=context.progress,
        )
        counts = {}
        for place, layer in enumerate(gathered.layers):
            context.progress("Layers", place, len(gathered.layers))
            rule = Rule(
                _window(database, layer, windows.get(layer, windows.get("", _DEFAULT_WINDOW)), order),
                order.min_participation,
                not order.keep_loops,
                order.max_co_actions,
                HOT_BUDGET,
            )
            with one_layer(database, layer, rule.window, order.text_similarity) as told:
                counts[layer] = told | _one(database, layer, rule_of(layer, rule), order)
                if len(gathered.layers) == 1:
                    _write(context, database, order, "edges", "co_action_rows")
                else:
                    _keep(database, order)
        context.progress.close()
        if len(gathered.layers) != 1:
            _write(context, database, order, "all_edges", "all_pairs")
        if order.record:
            _write_record(order, gathered, counts)
        _say(context, gathered, counts, order)
    return _ROWS_REJECTED if gathered.rejected else 0


def _windows(given: Sequence[str]) -> dict[str, float | None]:
    """Return the windows by layer, the one of all others by the empty name; None to estimate it."""
    windows: dict[str, float | None] = {}
    for text in given:
        layer, equals, seconds = text.rpartition("=")
        if equals and layer not in TEMPORAL_LAYERS:
            raise UsageError(f"there is no layer {layer!r}", f"Layers: {', '.join(TEMPORAL_LAYERS)}.")
        try:
            window = None if seconds == "estimate" else float(seconds)
        except ValueError:
            window = -1.0
        if window is not None and not 0 <= window < 1e9:
            raise UsageError(
                f"--time-window {text}: {seconds!r} is no number of seconds",
                "Give seconds, such as 60, and for single layers co_text=3600; or estimate.",
            )
        windows[layer] = window
    return windows


def _window(database: duckdb.DuckDBPyConnection, layer: str, asked: float | None, order: Order) -> float:
    """Return the window that was asked for, or estimate it."""
    if asked is not None:
        return asked
    with one_layer(database, layer, 0, order.text_similarity):
        return estimated_window(database)


def _one(database: duckdb.DuckDBPyConnection, layer: str, rule: Rule, order: Order) -> dict[str, Any]:
    """Find the edges of one layer; return settings and counts."""
    null = cast(Literal["poisson", "none"], order.null)
    counts = find_edges(database, layer, rule, edge_weight=order.edge_weight, null=null)
    if order.pairs:
        list_co_actions(database, layer)
    return counts


def _keep(database: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Add the edges of a layer to the tables of all layers."""
    for table, view, wanted in (
        ("all_edges", "edges", True),
        ("all_pairs", "co_action_rows", order.pairs is not None),
    ):
        if wanted:
            database.execute(f"CREATE TABLE IF NOT EXISTS main.{table} AS FROM {view} LIMIT 0")
            database.execute(f"INSERT INTO main.{table} FROM {view}")


def _write(
    context: Context, database: duckdb.DuckDBPyConnection, order: Order, edges: str, pairs: str
) -> None:
    if order.pairs:
        write_table(database, pairs, order.pairs)
    if order.out:
        write_edges(database, edges, order.out)
    elif order.fmt == "table" or sys.stdout.isatty():
        answer = database.execute(as_text(database, edges, csv=False))
        columns = [name for name, *_ in answer.description]
        # A person reads so many at most; a program gets all.
        rows = answer.fetchmany(_READ) if sys.stdout.isatty() else answer.fetchall()
        print_rows((dict(zip(columns, row, strict=True)) for row in rows), columns, order.fmt)
        if answer.fetchone():
            context.say(f"These are the first {_READ:,} edges. All: -o edges.csv")
    else:
        with TemporaryDirectory(prefix="cib-") as folder:
            file = Path(folder) / f"edges.{order.fmt}"
            write_table(database, edges, file)
            with file.open("rb") as content:
                sys.stdout.flush()
                shutil.copyfileobj(content, sys.stdout.buffer)


def _write_record(order: Order, gathered: Gathered, counts: dict[str, dict[str, Any]]) -> None:
    from importlib.metadata import version

    assert order.record is not None
    asked = {name: _plain(value) for name, value in asdict(order).items()}
    told = {
        "version": version("cibgraph"),
        "asked": asked,
        "inputs": gathered.inputs,
        "notes": gathered.notes,
        "layers": counts,
    }
    with written(order.record) as partial:
        partial.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _say(context: Context, gathered: Gathered, counts: dict[str, dict[str, Any]], order: Order) -> None:
    """Say on stderr what was found, what was left out and why."""
    for note in gathered.notes:
        context.say(note)
    for one in gathered.inputs:
        if one["rejected"]:
            where = f"see {order.rejected}" if order.rejected else "--rejected FILE says which and why"
            context.say(f"{one['file']}: {one['rejected']:,} of {one['rows_in']:,} rows rejected; {where}")
    for layer, found in counts.items():
        again = found["rows"] - found["actions"]
        twice = f" ({again:,} more told again)" if again else ""
        context.say(
            f"{layer}: {found['actions']:,} actions{twice} of {found['assets']:,} assets;"
            f" {found['co_actions']:,} co-actions within {found['time_window']:g} s,"
            f" {found['edges']:,} edges, {found['above_threshold']:,} above a weight of"
            f" {found['weight_threshold']:g}"
        )
        if found["hot_objects"]:
            context.say(
                f"{layer}: left out {found['hot_objects']:,} objects with more than"
                f" {found['max_co_actions']:,} co-actions each ({found['hot_co_actions']:,} in sum, by"
                f" {found['hot_actions']:,} actions); --max-co-actions raises the limit"
            )
