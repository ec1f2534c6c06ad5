"""A brief an operation: one page of Markdown in the wording of Meta's takedown reports."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.exports.disarm import VERSION
from analytics.exports.options import Options
from analytics.exports.parts import Part, parts
from analytics.exports.sums import sum_of
from analytics.exports.wording import day, defang, shorten
from analytics.files import written
from analytics.results import Results

#: Assets that are named, the most certain first.
NAMED: Final = 12
#: Characters of a name or sentence that are shown.
_SHOWN: Final = 2_000
#: Characters that Markdown could act on within a line.
_ACTIVE: Final = re.compile(r"[\\`*_\[\]|~]")


def export_brief(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `briefs/<operation>.md`, one page an operation, and return the paths.

    Raises:
        CibError: The folder cannot be written.
    """
    paths = []
    for part in parts(results):
        path = out_dir / "briefs" / f"{part.file_stem}.md"
        with written(path) as partial:
            partial.write_text("\n".join(_lines(part, options)) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _lines(part: Part, options: Options) -> Iterator[str]:
    operation, total = part.operation, sum_of(part.signals, part.operation["score"])
    yield f"# {_plain(part.id)}: suspected coordinated inauthentic behaviour"
    yield ""
    yield (
        f"TLP:{options.tlp.upper()} · rank {operation['rank']} · {total.total} bits of evidence ·"
        f" {operation['status']}{', ' + operation['decision'] if operation['decision'] else ''}"
    )
    yield ""
    if notice := part.details["notice"]:
        yield f"**Note.** {_plain(defang(notice))}"
        yield ""
    yield f"**Presence.** {_plain(part.details['summary'])}"
    yield ""
    seen = [day(operation[name]) for name in ("first_seen", "last_seen")]
    yield f"**Activity on record.** {seen[0]} to {seen[1]}."
    yield ""
    yield "## Why"
    yield ""
    yield "| bits | signal | |"
    yield "| ---: | --- | --- |"
    for line in total.telling:
        yield f"| {line.bits:+} | {_plain(line.signal.replace('_', ' '))} | {_plain(defang(line.why))} |"
    if total.rest:
        yield f"| {total.rest:+} | not explained | |"
    yield f"| **{total.total}** | **sum** | |"
    yield ""
    yield from _coordination(part)
    yield "## Members"
    yield ""
    yield "| asset | name | role | confidence |"
    yield "| --- | --- | --- | ---: |"
    first = part.members.sort("confidence", "key", descending=[True, False], nulls_last=True).head(NAMED)
    for row in first.iter_rows(named=True):
        yield _member(row)
    if part.members.height > NAMED:
        yield ""
        yield f"{NAMED} of {part.members.height:,}; all of them are in members.csv."
    yield ""
    if part.techniques:
        told = "; ".join(f"{one.id} {one.name}" for one in part.techniques)
        yield f"**Techniques** (DISARM v{VERSION}): {told}."
        yield ""
    yield (
        "This brief shows coordination and concealment. It does not say who is behind the operation; that"
        " takes people, and more than these data."
    )


def _coordination(part: Part) -> Iterator[str]:
    layers = part.edges.group_by("layer").agg(pl.len(), pl.col("weight").sum()).sort("layer")
    if layers.is_empty():
        return
    yield "## Coordination"
    yield ""
    yield "| layer | pairs | co-actions or shared things |"
    yield "| --- | ---: | ---: |"
    for layer, pairs, weight in layers.iter_rows():
        yield f"| {_plain(layer)} | {pairs:,} | {weight:,} |"
    yield ""


def _member(row: dict[str, Any]) -> str:
    confidence = "" if row["confidence"] is None else f"{row['confidence']:.2f}"
    return f"| {_plain(row['key'])} | {_plain(row['name'] or '')} | {_plain(row['role'])} | {confidence} |"


def _plain(text: str) -> str:
    """Return text as Markdown shows it and does not act on it, on one line."""
    one_line = " ".join(shorten(text, _SHOWN).split())
    return _ACTIVE.sub(r"\\\g<0>", html.escape(defang(one_line), quote=False))
