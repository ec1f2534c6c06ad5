"""Runs the benchmarks and prints one table: `python -m bench [--first] [--rows N] [name ...]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import (
    action_log,
    bulk_load,
    coordinate,
    demo,
    evaluation,
    fitting,
    graph_load,
    load_memory,
    nightly,
    pipeline,
    real_operator,
    similar_texts,
    traces,
    workbook,
)
from bench.rows import Row

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "graph_load": graph_load.run,
    "bulk_load": bulk_load.run,
    "action_log": action_log.run,
    "coordinate": coordinate.run,
    "similar_texts": similar_texts.run,
    "nightly": nightly.run,
    "pipeline": pipeline.run,
    "real_operator": real_operator.run,
    "workbook": workbook.run,
    "demo": demo.warm,
    "load_memory": load_memory.run,
    "first": demo.first,
}


#: Those that take arguments of their own.
_WITH_ARGUMENTS: dict[str, Callable[[list[str]], None]] = {
    "evaluation": evaluation.main,
    "fitting": fitting.main,
    "traces": traces.main,
}


def table(rows: list[Row]) -> str:
    """Return the rows as text, in columns."""
    lines = [("measured", "ours", "peer or limit", "ratio", "goal", "", "note")]
    for row in rows:
        sign = "≤" if row.less_is_better else "≥"
        lines.append(
            (
                row.name,
                f"{row.value:,.0f} {row.unit}",
                "" if row.peer is None else f"{row.peer:,.0f} {row.unit}",
                "" if row.ratio is None else f"{row.ratio:.2f}",
                "" if row.goal is None else f"{sign} {row.goal:g}",
                "" if row.reached is None else "reached" if row.reached else "MISSED",
                row.note,
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main() -> None:
    """Run every benchmark, or those named; some take arguments of their own."""
    if sys.argv[1:2] and (main_of := _WITH_ARGUMENTS.get(sys.argv[1])):
        main_of(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", choices=[*BENCHMARKS, []], help=", ".join(BENCHMARKS)
    )
    parser.add_argument(
        "--first", action="store_true", help="also the demo on a machine with nothing yet (minutes)"
    )
    parser.add_argument(
        "--rows",
        type=int,
        help=f"posts of action_log ({action_log.ROWS}), actions of pipeline ({pipeline.ACTIONS})",
    )
    given = parser.parse_args()
    if given.rows:
        BENCHMARKS["action_log"] = lambda: action_log.run(given.rows)
        BENCHMARKS["pipeline"] = lambda: pipeline.run(given.rows)
    names = given.names or [name for name in BENCHMARKS if name != "first"]
    rows: list[Row] = []
    for name in [*names, *["first"] * (given.first and "first" not in names)]:
        print(f"{name} ...", file=sys.stderr)
        rows += BENCHMARKS[name]()
    print(table(rows))


if __name__ == "__main__":
    main()
