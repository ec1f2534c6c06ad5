"""Deciding on operations, and what decisions do to the graph: who is quiet, and what is said of whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from analytics.columns import TIME, schema
from analytics.decisions.changed import changed_materially
from analytics.decisions.journal import MOST_NAME, MOST_NOTE, VERDICTS, Decision, Subject, Verdict
from analytics.decisions.remnants import parts_of_dismissed
from analytics.decisions.watchlist import mark, quoted, say_touched
from analytics.memory import EARLIER, Memory
from cypher.errors import UsageError
from cypher.session import Graph

#: Decisions as the graph has them; `element` is the node's own id there.
DECISIONS: Final[dict[str, pl.DataType]] = {
    "operation_id": pl.String(),
    "decision": pl.String(),
    "at": TIME,
    "verdict": pl.String(),
    "by": pl.String(),
    "note": pl.String(),
}
_WORDS: Final = {"confirmed": "Confirmed", "dismissed": "Dismissed", "watch": "Under watch since"}


@dataclass(frozen=True)
class Settled:
    """What decisions came to.

    Attributes:
        quiet: Dismissed operations that have not changed materially, and operations that are parts of them.
        speaking: Dismissed operations that have, each with the sentence that says why.
        touching: Operations that touch a watched asset, each with the sentence that says so.
        strange: Decisions in the graph whose verdict is none of `VERDICTS`, and which do not count.
    """

    quiet: tuple[str, ...]
    speaking: dict[str, str]
    touching: dict[str, str]
    strange: tuple[str, ...]


def decide(graph: Graph, memory: Memory, verdicts: Sequence[Verdict]) -> list[Decision]:
    """Put decisions on record, all or none, and let the graph follow.

    Who calls holds the workspace. An operation that is gone can be decided on as well.

    Args:
        graph: The graph that the last ranking wrote.
        memory: Of the same workspace.
        verdicts: What is decided; of several on one operation the last holds.

    Raises:
        UsageError: There is no such operation; nothing is on record then.
        CibError: The journal cannot be read or written.
    """
    adopt(graph, memory)
    wanted = sorted({verdict.operation for verdict in verdicts})
    subjects, runs = read_subjects(graph, memory, wanted)
    if missing := [name for name in wanted if name not in subjects]:
        raise UsageError(
            f"there is no operation {', '.join(missing[:10])}", "List them: cib query operations_ranked"
        )
    made = memory.journal.append(
        [(verdict, subjects[verdict.operation]) for verdict in verdicts], max(runs, default="")
    )
    settle(graph, memory)
    return made


def settle(graph: Graph, memory: Memory) -> Settled:
    """Let the graph follow the workspace: decisions, watched assets, who is quiet, notices, ranks.

    Idempotent. Decisions that were made in the graph itself are taken into the journal first.
    """
    strange = adopt(graph, memory)
    decisions = memory.journal.read()
    graph.write_rows("operations/write_decisions", _rows(decisions))
    latest = {decision.operation: decision for decision in decisions}
    touching = say_touched(mark(graph, memory.watchlist))
    now, _ = read_subjects(graph, memory, list(latest))
    parts: dict[str, Decision] = {}
    if any(decision.verdict == "dismissed" for decision in latest.values()):
        parts = parts_of_dismissed(graph.read_frame("operations/members", EARLIER), latest)
        now |= read_subjects(graph, memory, list(parts))[0]
    quiet: list[str] = []
    speaking: dict[str, str] = {}
    notices: dict[str, str] = {}
    for operation, decision in (latest | parts).items():
        notice = say(decision)
        if operation in parts:
            notice = f"A part of {decision.operation}: {notice}"
        if decision.verdict == "dismissed":
            if reasons := changed_materially(decision.subject, now[operation]):
                notice = f"{notice[:-1]}; speaks again since {_listed(reasons)}."
                speaking[operation] = notice
            else:
                quiet.append(operation)
        notices[operation] = notice
    for operation, touches in touching.items():
        notices[operation] = f"{notices[operation]} {touches}" if operation in notices else touches
    graph.write("operations/clear_notices")
    graph.write_rows(
        "operations/write_notices",
        pl.DataFrame(
            {"operation": list(notices), "notice": list(notices.values())},
            schema={"operation": pl.String, "notice": pl.String},
        ),
    )
    graph.write("operations/keep_quiet", operations=quiet)
    graph.write("operations/renumber")
    return Settled(tuple(quiet), speaking, touching, strange)


def adopt(graph: Graph, memory: Memory) -> tuple[str, ...]:
    """Take decisions that analysts made in the graph, as in Neo4j Browser, into the journal.

    Returns:
        Those that do not count, since there is no such verdict.
    """
    known = {decision.id for decision in memory.journal.read()}
    made = [row for row in graph.read("operations/read_decisions") if row["decision"] not in known]
    found = [row for row in made if row["verdict"] in VERDICTS]
    if found:
        subjects, runs = read_subjects(graph, memory, sorted({row["operation_id"] for row in found}))
        kept = memory.journal.append(
            [(_verdict(row), subjects[row["operation_id"]]) for row in found], max(runs, default="")
        )
        names = {"element": [row["element"] for row in found], "id": [one.id for one in kept]}
        graph.write_rows("operations/name_decisions", pl.DataFrame(names))
    return tuple(f"{row['operation_id']}: {row['verdict']!r}" for row in made if row not in found)


def say(decision: Decision) -> str:
    """Return a decision as a sentence; what comes from a person stands in quotation marks."""
    text = f"{_WORDS[decision.verdict]} {'' if decision.verdict == 'watch' else 'on '}{decision.at:%Y-%m-%d}"
    if decision.by:
        text += f" by {quoted(decision.by)}"
    return f"{text}: {quoted(decision.note)}." if decision.note.strip() else f"{text}."


def read_subjects(
    graph: Graph, memory: Memory, operations: Collection[str]
) -> tuple[dict[str, Subject], set[str]]:
    """Return operations as they are now, and the runs that found them; one gone is as it was decided on."""
    if not operations:
        return {}, set()
    ids = list(operations)
    found = graph.read("operations/subjects", operations=ids)
    members = graph.read_frame(
        "operations/read_members", schema("members") | {"key": pl.String()}, operations=ids
    )
    signals = graph.read_frame("operations/read_signals", schema("signals"), operations=ids)
    roles: dict[str, dict[str, str]] = {}
    for operation, asset, role in members.select("operation_id", "key", "role").sort("key").iter_rows():
        roles.setdefault(operation, {})[asset] = role
    bits: dict[str, dict[str, float]] = {}
    for operation, signal, value in (
        signals.select("operation_id", "signal", "bits").sort("signal").iter_rows()
    ):
        bits.setdefault(operation, {})[signal] = value or 0.0
    watched: dict[str, list[str]] = {}
    for row in graph.read("operations/watched_members", operations=ids):
        watched.setdefault(row["operation"], []).append(row["asset"])
    decided = memory.journal.latest()
    subjects = {}
    for row in found:
        name = row["operation"]
        subjects[name] = Subject(
            row["score"] or 0.0, roles.get(name, {}), bits.get(name, {}), watched.get(name, [])
        )
        if row["status"] == "gone" and name in decided:
            subjects[name] = decided[name].subject
    return subjects, {row["run"] for row in found if row["run"]}


def _verdict(row: Mapping[str, Any]) -> Verdict:
    by, note = str(row["by"] or "").strip(), str(row["note"] or "")
    if len(note) > MOST_NOTE:
        note = note[: MOST_NOTE - 1] + "…"
    return Verdict(row["operation_id"], row["verdict"], by[:MOST_NAME] or "an analyst in the graph", note)


def _rows(decisions: Sequence[Decision]) -> pl.DataFrame:
    rows = [
        (
            one.id,
            one.at,
            one.operation,
            one.verdict,
            one.by,
            one.note,
            one.run,
            one.subject.score,
            len(one.subject.members),
        )
        for one in decisions
    ]
    columns = {
        "id": pl.String(),
        "at": TIME,
        **dict.fromkeys(("operation", "verdict", "by", "note", "run"), pl.String()),
        "score": pl.Float64(),
        "assets": pl.Int64(),
    }
    return pl.DataFrame(rows, schema=columns, orient="row")


def _listed(reasons: list[str]) -> str:
    return reasons[0] if len(reasons) == 1 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"
