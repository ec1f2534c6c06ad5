"""What a run found, as the export tables: read from the graph and the workspace, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.columns import schema
from analytics.decisions.deciding import DECISIONS
from analytics.history.differing import differ
from analytics.history.rankings import Rankings
from analytics.memory import Memory
from analytics.summary import takedown_summary
from cypher.errors import CibError
from cypher.session import Graph

#: Figures of an operation that reports show beside the export table's columns.
DETAILS: Final[dict[str, pl.DataType]] = {
    "operation_id": pl.String(),
    "completeness": pl.Float64(),
    "page_followers": pl.Int64(),
    "group_members": pl.Int64(),
    "instagram_followers": pl.Int64(),
    "summary": pl.String(),
    "notice": pl.String(),
}
#: Words of the texts that the evidence names.
QUOTES: Final[dict[str, pl.DataType]] = {"object": pl.String(), "quote": pl.String()}
#: Of each operation and country, how many `members` declare it, `administrators` of its Pages are there, and
#: `ads` were aimed at it; `what` is one of these.
COUNTRIES: Final[dict[str, pl.DataType]] = {
    "operation_id": pl.String(),
    "country": pl.String(),
    "what": pl.String(),
    "number": pl.Int64(),
}
#: Run properties in the order a reader wants them; others follow by name.
_RUN_FIRST: Final = ("id", "command", "version", "started_at", "finished_at")


@dataclass(frozen=True)
class Results:
    """Everything that exporters write.

    Attributes:
        operations: One row an operation, by rank.
        members: By operation, then key of the asset. The other frames follow the same order of operations.
        edges: Coordinated edges between members of the same operation.
        evidence: The co-actions and shared objects behind those edges.
        signals: Strongest first.
        ads: Ads that Pages of the operation ran.
        run: `name`, `value`: the run that the results come from; settings as `settings.<name>`.
        details: Columns `DETAILS`, one row an operation: completeness (0-1), sums for the takedown summary
            (null: not known), the summary itself, and a notice: what was decided, why it speaks again (null:
            there is nothing to note). `why` of the operations begins with it.
        quotes: Columns `QUOTES`: for a text's fingerprint in the evidence, the words of one post.
        countries: Columns `COUNTRIES`.
        changes: What became of each operation since the run that ranked before; empty for the first.
        moves: Who joined and left them.
        decisions: Columns `DECISIONS`: all that was decided on these operations, the latest last.
        rejected: Files of the rows that loading set aside.
        redacted: Whether this is a copy to share, in which ids are hashes.
    """

    operations: pl.DataFrame
    members: pl.DataFrame
    edges: pl.DataFrame
    evidence: pl.DataFrame
    signals: pl.DataFrame
    ads: pl.DataFrame
    run: pl.DataFrame
    details: pl.DataFrame
    quotes: pl.DataFrame
    countries: pl.DataFrame
    changes: pl.DataFrame
    moves: pl.DataFrame
    decisions: pl.DataFrame
    rejected: tuple[Path, ...] = ()
    redacted: bool = False


def read_results(
    graph: Graph, layers_dir: Path, *, include_candidates: bool = False, rejected: Iterable[Path] = ()
) -> Results:
    """Read the results of the latest run.

    Args:
        graph: The graph that detection and ranking wrote.
        layers_dir: Holds `evidence.parquet` of the last detection; the log in `actions` beside it has words.
        include_candidates: Also operations below the alert threshold.
        rejected: Files of the rows that loading set aside, to be shown with the results.

    Raises:
        ServerError: The graph cannot be read.
        CibError: The graph has coordinated edges, but `layers_dir` has no readable evidence for them.
    """
    found = graph.read_frame(
        "operations/read_operations",
        schema("operations") | DETAILS | {"summary": pl.String()},
        include_candidates=include_candidates,
    )
    order = found.select("operation_id").with_row_index("order")
    ids = order["operation_id"].to_list()

    def read(table: str, *sort: str, **extra: pl.DataType) -> pl.DataFrame:
        frame = graph.read_frame(f"operations/read_{table}", schema(table) | extra, operations=ids)
        return frame.join(order, on="operation_id").sort("order", *sort, nulls_last=True)

    members = read("members", "key", key=pl.String())
    edges = read("edges", "source_key", "target_key", "layer", source_key=pl.String(), target_key=pl.String())
    signals = read("signals", "bits", "signal").sort(
        "order", "bits", "signal", descending=[False, True, False], nulls_last=True
    )
    evidence = _evidence(layers_dir / "evidence.parquet", members, edges)
    run = _run(graph)
    changes, moves = _changes(Memory.beside(layers_dir).rankings, run, everything=include_candidates)
    return Results(
        operations=found.with_columns(
            why=pl.concat_str("notice", "why", separator=" ", ignore_nulls=True)
        ).select(list(schema("operations"))),
        members=members.select(list(schema("members"))),
        edges=edges.select(list(schema("edges"))),
        evidence=evidence.select(list(schema("evidence"))),
        signals=signals.select(list(schema("signals"))),
        ads=read("ads", "key", key=pl.String()).select(list(schema("ads"))),
        run=run,
        details=_details(found, members),
        quotes=quotes_of(evidence, layers_dir.parent / "actions"),
        countries=graph.read_frame("operations/read_countries", COUNTRIES, operations=ids).sort(
            "operation_id", "country", "what"
        ),
        changes=changes,
        moves=moves,
        decisions=graph.read_frame("operations/read_decisions", DECISIONS, operations=ids)
        .join(order, on="operation_id")
        .sort("order", "at", "decision")
        .select(list(DECISIONS)),
        rejected=tuple(rejected),
    )


def _changes(rankings: Rankings, run: pl.DataFrame, *, everything: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    now = dict(run.iter_rows()).get("id", "")
    before = rankings.before(now) if now in rankings.runs() else None
    if before is None:
        return pl.DataFrame(schema=schema("changes")), pl.DataFrame(schema=schema("moves"))
    found = differ(rankings.read(before), rankings.read(now), everything=everything)
    return found.changes, found.moves


def _evidence(path: Path, members: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence of the edges of operations; the file is streamed, never loaded whole."""
    if not path.is_file():
        if edges.height:
            raise CibError(
                f"{path} is missing, so the evidence behind the coordinated edges cannot be read",
                "Export in the workspace where `cib detect` ran, or run `cib detect` and `cib rank` again.",
            )
        return pl.DataFrame(schema=schema("evidence"))
    inside = members.lazy().select("order", "operation_id", "key")
    # The file has that of the patient look's other candidates, too: of pairs that have no edge here.
    held = edges.lazy().select("layer", source="source_key", target="target_key").unique()
    # What those have in common whom only a trace joins lies beside.
    traces = [pl.scan_parquet(file) for file in path.parent.glob("traces.parquet")]
    try:
        return (
            pl.concat(
                [pl.scan_parquet(path).join(held, on=["source", "target", "layer"], how="semi"), *traces]
            )
            .join(inside, left_on="source", right_on="key")
            .join(inside, left_on=["target", "operation_id"], right_on=["key", "operation_id"])
            .rename({"source": "source_key", "target": "target_key"})
            .select("order", *schema("evidence"))
            .cast(schema("evidence"))  # type: ignore[arg-type]
            .sort("order", *list(schema("evidence"))[1:], nulls_last=True)
            .collect(engine="streaming")
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CibError(
            f"{path} cannot be read: {str(error).splitlines()[0]}",
            "Run `cib detect` and `cib rank` again.",
        ) from error


def quotes_of(evidence: pl.DataFrame, actions_dir: Path) -> pl.DataFrame:
    """Return the words of one post for each text that the evidence knows by its fingerprint."""
    files = sorted(actions_dir.glob("posts-*.parquet"))
    texts = evidence.filter(object_kind="text").select("object", ref="source_ref").unique()
    if not files or texts.is_empty():
        return pl.DataFrame(schema=QUOTES)
    # Each file has further columns of its own. Evidence has a post's address where it is known, else its id.
    posts = [pl.scan_parquet(path).select(ref=ref, quote="text") for path in files for ref in ("post", "url")]
    try:
        return (
            pl.concat(posts)
            .join(texts.lazy(), on="ref")
            .group_by("object")
            .agg(pl.col("quote").drop_nulls().min())
            .sort("object")
            .collect(engine="streaming")
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CibError(
            f"{actions_dir} cannot be read: {str(error).splitlines()[0]}", "Load the files again: cib load"
        ) from error


def _details(found: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    accounts: dict[str, dict[str, int]] = {}
    counted = members.filter(pl.col("kind") == "account").group_by("operation_id", "platform").len()
    for operation, platform, number in counted.sort("operation_id", "platform").iter_rows():
        accounts.setdefault(operation, {})[platform] = number
    summaries = [
        takedown_summary({**row, "platform_accounts": accounts.get(row["operation_id"], {})})
        for row in found.iter_rows(named=True)
    ]
    return found.with_columns(summary=pl.Series(summaries, dtype=pl.String)).select(list(DETAILS))


def _run(graph: Graph) -> pl.DataFrame:
    rows = graph.read("operations/read_run")
    properties: dict[str, Any] = rows[0]["run"] if rows else {}
    names: list[str] = [name for name in _RUN_FIRST if name in properties]
    names += sorted(name for name in properties if name not in _RUN_FIRST)
    pairs = [pair for name in names for pair in _flat(name, properties[name])]
    return pl.DataFrame(pairs, schema=schema("run"), orient="row")


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield `name`, `value` pairs; nested settings, kept in the graph as JSON, become dotted names."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            yield name, value
            return
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _flat(f"{name}.{key}", value[key])
    elif hasattr(value, "isoformat"):
        yield name, value.isoformat().replace("+00:00", "Z")
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield name, "|".join(value)
    else:
        yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
