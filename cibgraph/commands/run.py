"""`cib run`: the whole pipeline, for schedules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cibgraph.accounts import say_notes
from cibgraph.commands.rank import COLUMNS, print_notices, ranked_rows, say_settled
from cibgraph.context import Context
from cibgraph.output import format_option, plain, print_rows, print_wrapped

if TYPE_CHECKING:
    from analytics.memory import Memory
    from analytics.results import Results
    from cibgraph.runrecord import RunRecord
    from cypher.session import Graph

_ASSETS: Final = ("Pages", "accounts", "Groups", "Instagram accounts")
#: Operations that are told in full to a person; the table lists all.
_IN_FULL: Final = 3


@click.command()
@click.option("--force", is_flag=True, help="Work even if nothing has changed since the last run.")
@click.option(
    "--full", is_flag=True, help="As --force, and compute every layer, even where nothing can have changed."
)
@format_option
@click.pass_obj
def run(context: Context, force: bool, full: bool, fmt: str) -> int:
    r"""Load, detect, rank and export as cib.toml says, for schedules.

    What was done, with which versions and settings, lies in .cib/runs/RUN-.../run.json. Where inputs,
    settings and versions are those of the last complete run, and its files are as it left them, nothing is
    done. What an interrupted run left undone, the next one mends.

    \b
    Examples:
      cib run
      cib run --force --format json

    \b
    In a crontab:
      0 4 * * *  cib -q -w /srv/investigation run
    """
    from cibgraph.inputs import input_paths, own_files
    from cibgraph.pipeline import hold, on_record
    from cibgraph.runrecord import changes, hash_files, package_versions, read_records
    from cibgraph.stopwatch import time_table

    settings = context.settings()
    workspace = context.workspace()
    paths = input_paths(workspace, settings)
    with hold(context, "run", need_gds=True, later=True) as graph:
        files = hash_files(paths, own_files(workspace, settings))
        if earlier := next(iter(read_records(workspace)), None):
            why = changes(
                earlier,
                files=files,
                settings=settings.model_dump(mode="json"),
                versions=package_versions(),
            )
            # The graph is asked last, since its server may have to be waited for.
            why = why or changes_in_graph(graph, workspace.memory, earlier)
            if not why and not (force or full):
                context.say(f"nothing changed since {earlier.run}; see {earlier.folder / 'run.json'}")
                return int(earlier.data["exit_code"])
            told_why = (
                f"is no longer up to date: {', '.join(why)}"
                if why
                else "is up to date, but a new run is forced"
            )
            context.say(f"{earlier.run} {told_why}")
        with on_record(context, "run", graph, settings) as work:
            work.record.data["files"] = files
            report = work.load(paths)
            work.detect(full=full)
            ranked = work.rank()
            work.record.data["remembered"] = workspace.memory.digest()
            written, results = work.export(settings.export.formats, workspace.root / settings.export.out)
    print_results(results, fmt, written)
    say_notes(context, report)
    say_settled(context, ranked.settled)
    context.say(time_table(work.record.data["stages"]))
    for path in [*written, work.record.folder / "run.json"]:
        context.say(f"written: {path}")
    return work.exit_code


def changes_in_graph(graph: Graph, memory: Memory, earlier: RunRecord) -> list[str]:
    """Return why the results of an earlier run cannot stand for a run now, by what graph and analysts say."""
    from analytics.decisions.deciding import adopt
    from cibgraph.pipeline import versions

    why = []
    if versions(graph) != earlier.data["versions"]:
        why.append("versions changed")
    adopt(graph, memory)
    # It goes on record at the end of a run: another command, or a run cut short, tells nothing.
    told = memory.digest()
    if earlier.data.get("remembered", told) != told:
        why.append("decisions or watched assets changed")
    if not why and not graph_holds(graph, earlier.run):
        why.append("the graph does not hold its results")
    return why


def graph_holds(graph: Graph, run: str) -> bool:
    """Whether the latest results in the graph are those of that run."""
    rows = graph.read("operations/read_run")
    return bool(rows) and rows[0]["run"].get("id") == run


def print_results(results: Results, fmt: str, written: Sequence[Path], command: str = "cib") -> None:
    """Print the ranked operations: to a person the first with their takedown summary, to a program each.

    Args:
        results: The operations.
        fmt: `table`, `json` or `csv`.
        written: Files with all of them, to name one that a person reads.
        command: How `cib` is called for this workspace.
    """
    summaries = dict(results.details.select("operation_id", "summary").iter_rows())
    rows = [{**row, "summary": summaries[row["operation"]]} for row in ranked_rows(results)]
    print_rows(rows, COLUMNS if fmt == "table" else (*COLUMNS, "notice", "summary"), fmt)
    if fmt == "table":
        if any(row["notice"] for row in rows):
            print_notices(rows)
            click.echo()
        for row in rows[:_IN_FULL]:
            print_wrapped(f"{row['rank']}. {row['operation']}: {plain(row['summary'])}", rest="   ")
            click.echo()
        if further := rows[_IN_FULL:]:
            report = next((path for path in written if path.suffix == ".html"), None)
            print_wrapped(told_of_further(further, command, report), rest="   ")
            click.echo()


def told_of_further(operations: Sequence[Mapping[str, Any]], command: str, report: Path | None) -> str:
    """Return a line on the operations that are not told in full: of what they are, and where to read on.

    Args:
        operations: Ranked operations, the strongest first; one at least.
        command: How `cib` is called for this workspace.
        report: The file that tells all of them, if one was written.
    """
    from analytics.summary import joined

    number = len(operations)
    kinds = Counter(
        joined([name for name in _ASSETS if operation[name.replace(" ", "_").lower()]]) or "other assets"
        for operation in operations
    ).most_common()
    if len(kinds) == 1:
        made_of = f", {'' if number == 1 else 'both ' if number == 2 else 'all '}of {kinds[0][0]}"
    else:
        made_of = ": " + "; ".join(f"{count:,} of {kind}" for kind, count in kinds)
    show = f"{command} show {operations[0]['rank']} explains {'it' if number == 1 else 'the next'}"
    where = f"; {report} has {'it' if number == 1 else 'all of them'}" if report else ""
    return f"{number:,} more operation{'s' * (number > 1)}{made_of}. {show}{where}."
