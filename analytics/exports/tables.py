"""What the workbook shows: the export tables with what an investigator wants beside each row, and digests."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.columns import TABLES, Column, Kind
from analytics.decisions.journal import VERDICTS
from analytics.decisions.stamps import COLUMNS, SHEET, stamps
from analytics.exports import beside
from analytics.exports.layout import columns_of
from analytics.exports.links import LINKED, defanged_links, defanged_texts
from analytics.exports.options import Options
from analytics.exports.sheets import Sheet
from analytics.rejected import REJECTED, read_rejected
from analytics.results import Results

_BITS: Final = "#EDB5A9"
_COUNTS: Final = "#B9CEE3"
#: What people fill in.
_INPUTS: Final = {
    "decision": "confirmed: it is an operation. dismissed: it is none. watch: keep an eye on it.",
    "note": "Why, for those who come after. cib decide --from takes both in.",
}
#: Columns with names of files, in which `posts.csv` is no host.
_FILES: Final = (*TABLES["run"], *(column for column in REJECTED if column.name == "file"))
#: Zero as a dot, so that what happened stands out.
_DOT: Final = '#,##0;-#,##0;"·"'


def sheets(results: Results, options: Options) -> list[Sheet]:
    """Return the sheets of the workbook in their order, each with its rows."""
    plain = options.links == "plain"
    bands = results.operations.select("operation_id", band=pl.int_range(pl.len()) % 2)

    def sheet(title: str, about: str, frame: pl.DataFrame, **more: object) -> Sheet:
        columns = columns_of(title)
        if "operation_id" in frame.columns:
            frame = frame.join(bands, on="operation_id", how="left", maintain_order="left").with_columns(
                # What is gone is among the changes only.
                pl.col("band").fill_null(0)
            )
        full = title.lower() if title.lower() in TABLES else None
        rows = iter([frame if plain else _defanged(frame, columns)])
        return Sheet(title, about, columns, rows, full=full, **more)  # type: ignore[arg-type]

    shown = [
        sheet(
            "Operations",
            "suspected operation, the strongest first; fill in decision and note",
            beside.operations(results),
            frozen=3,
            bars={"score": _BITS},
            inputs={} if results.redacted else _INPUTS,
            choices={"decision": VERDICTS},
            widths={"rank": 8, "decision": 15, "note": 40, "in_short": 46, "why": 90, "summary": 90},
            colour="#B3261E",
        ),
        sheet(
            "Members",
            "account, Page or Group of an operation, with its role and why it belongs",
            results.members,
            frozen=2,
        ),
        sheet(
            "Edges",
            "pair of members that coordinate, tested against chance, for each layer",
            beside.named_edges(results),
            frozen=3,
            bars={"weight": _COUNTS},
        ),
        sheet(
            "Evidence",
            "act or thing that a pair shares, with links to both posts",
            beside.evidence(results),
            frozen=3,
        ),
        sheet(
            "Signals",
            "trait that was measured, with its bits: they add up to the score",
            results.signals,
            frozen=2,
            bars={"bits": _BITS},
            widths={"bits": 18, "why": 90},
        ),
        sheet(
            "Ads by currency",
            "currency in which an operation paid for ads",
            beside.by_currency(results.ads),
            frozen=2,
            bars={"ads": _COUNTS},
        ),
        sheet("Ads", "ad that a Page of an operation ran", beside.ads(results), frozen=2),
        sheet(
            "Timeline",
            "month of an operation: what was made, advertised and coordinated",
            beside.timeline(results),
            frozen=2,
            bars={"members_made": "#B5D3C2", "ads_started": "#EBD3A3", "evidence": _BITS},
            widths={"month": 12, "layers": 60},
            formats={"month": "yyyy-mm"} | dict.fromkeys(("members_made", "ads_started", "evidence"), _DOT),
        ),
        sheet(
            "Changes",
            "operation that is new, changed or gone since the run that ranked before",
            results.changes,
            frozen=2,
            bars={"joined": _COUNTS, "left": _COUNTS},
            widths={"rank": 8, "status": 13},
        ),
        sheet(
            "Moves", "member that joined or left an operation since the run before", results.moves, frozen=2
        ),
        Sheet(
            "Rejected rows",
            "row of a source that was set aside when loading, and how to mend it",
            REJECTED,
            (frame if plain else _defanged(frame, REJECTED) for frame in read_rejected(results.rejected)),
            frozen=2,
            colour="#8A6D1F",
        ),
        sheet(
            "Run",
            "setting, input or version that the results come from",
            results.run,
            widths={"name": 44, "value": 90},
            colour="#5F6B7A",
        ),
    ]
    if results.redacted:
        return shown
    kept = stamps(results)
    if not plain:
        # A note is remembered as it is shown.
        kept = kept.with_columns(defanged_texts(kept["note"]))
    return [*shown, Sheet(SHEET, "", COLUMNS, iter([kept]), hidden=True)]


def _defanged(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """Make the links of a table harmless; ids stay, unless they are links themselves."""
    names = {column.name for column in columns}
    links = [name for name in ("url", "source_link", "target_link") if name in names]
    frame = frame.with_columns(defanged_links(frame[name]) for name in links)
    for name in {"source_ref", "target_ref"} & names:
        frame = _where(frame, pl.col(name).str.contains("(?i)^https?://"), name)
    if "object" in names:
        frame = _where(frame, pl.col("object_kind").is_in(LINKED), "object")
    for column in columns:
        texts = frame[column.name]
        if column.kind is Kind.LIST and column.name == "targets":
            texts = texts.list.join(" | ")
        elif column.kind not in {Kind.TEXT, Kind.SENTENCE} or column.name in links or column in _FILES:
            continue
        frame = frame.with_columns(defanged_texts(texts).alias(column.name))
    return frame


def _where(frame: pl.DataFrame, condition: pl.Expr, name: str) -> pl.DataFrame:
    """Make the links of a column harmless in the rows that meet a condition."""
    safe = defanged_links(frame[name])
    return frame.with_columns(pl.when(condition).then(safe).otherwise(name).alias(name))
