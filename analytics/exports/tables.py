"""What the workbook shows: the export tables with what an investigator wants beside each row, and digests."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.columns import TABLES, Column, Kind
from analytics.exports.links import LINKED, defanged_links, defanged_texts, link_of
from analytics.exports.options import Options
from analytics.exports.parts import key_of
from analytics.exports.sheets import Sheet
from analytics.rejected import REJECTED, read_rejected
from analytics.results import Results
from analytics.summary import short_reasons

_BITS: Final = "#EDB5A9"
_COUNTS: Final = "#B9CEE3"
#: Zero as a dot, so that what happened stands out.
_DOT: Final = '#,##0;-#,##0;"·"'
_NAME: Final = "As found; chosen by whoever runs the asset."
_LINK: Final = "As recorded; else where the platform shows what has this id. Empty: neither is known."
_QUOTE: Final = "Words of one of the posts that share this text."
#: Columns that only the workbook has, by sheet.
_MORE: Final = {
    "Operations": (
        Column("note", Kind.SENTENCE, "For whoever reads the decision later."),
        Column("in_short", Kind.SENTENCE, "The strongest signals, with the share of members that show each."),
        Column("completeness", Kind.SHARE, "How much of what the signals look at is known of its members."),
        Column("summary", Kind.SENTENCE, "In the wording of takedown reports."),
    ),
    "Edges": (Column("source_name", Kind.TEXT, _NAME), Column("target_name", Kind.TEXT, _NAME)),
    "Evidence": (
        Column("source_name", Kind.TEXT, _NAME),
        Column("target_name", Kind.TEXT, _NAME),
        Column("quote", Kind.TEXT, _QUOTE),
        Column("seconds_apart", Kind.COUNT, "Between the two acts. Empty: they have no times."),
        Column("source_link", Kind.TEXT, _LINK),
        Column("target_link", Kind.TEXT, _LINK),
    ),
    "Ads": (Column("page_name", Kind.TEXT, _NAME),),
}
_ORDER: Final = {
    "Operations": "rank operation_id score decision note in_short status assets pages accounts groups"
    " instagram_accounts followers_upper_bound group_members_upper_bound ads ad_spend first_ad last_ad"
    " first_seen last_seen countries layers completeness why summary",
    "Members": "operation_id name kind platform role confidence followers created_at id url why",
    "Edges": "operation_id source_name target_name layer weight expected p_value q_value first_at last_at"
    " source_platform source_kind source_id target_platform target_kind target_id",
    "Evidence": "operation_id source_name target_name layer quote object_kind object source_at target_at"
    " seconds_apart source_link target_link source_key target_key source_ref target_ref",
    "Signals": "operation_id signal bits value background why",
    "Ads": "operation_id page_name page_id payer beneficiary currency spend_lower spend_upper"
    " impressions_lower impressions_upper started_at stopped_at created_at text url countries targets"
    " disclaimer platform id",
    "Changes": "operation_id status why rank rank_before score score_before assets assets_before joined left"
    " was",
    "Moves": "operation_id change name kind platform role id other",
    "Run": "name value",
}
_BY_CURRENCY: Final = (
    Column("operation_id", Kind.ID),
    Column("currency", Kind.TERM, "Empty: not known. Amounts are never converted."),
    Column("ads", Kind.COUNT),
    Column(
        "spend_lower", Kind.MONEY, "Sum of the lower bounds, in the row's currency. Empty: none is known."
    ),
    Column(
        "spend_upper", Kind.MONEY, "Sum of the upper bounds, in the row's currency. Empty: none is known."
    ),
    Column("without_spend", Kind.COUNT, "Ads of which neither bound is known: no part of the sums."),
    Column("impressions_lower", Kind.COUNT, "Empty: none is known."),
    Column("impressions_upper", Kind.COUNT, "Empty: none is known."),
    Column("pages", Kind.COUNT, "Pages that ran them."),
    Column("payers", Kind.COUNT, "Payers that they name."),
    Column("without_payer", Kind.COUNT, "Ads that name no payer."),
    Column("first_ad", Kind.TIME, "UTC."),
    Column("last_ad", Kind.TIME, "UTC."),
)
_TIMELINE: Final = (
    Column("operation_id", Kind.ID),
    Column("month", Kind.TIME, "UTC. Months in which nothing is on record are left out."),
    Column("members_made", Kind.COUNT, "Members created in this month, where the date is known."),
    Column("ads_started", Kind.COUNT, "Ads that began in this month."),
    Column("evidence", Kind.COUNT, "Pieces of evidence whose first act is of this month."),
    Column("layers", Kind.LIST, "Kinds of coordination that this evidence shows."),
)


def sheets(results: Results, options: Options) -> list[Sheet]:
    """Return the sheets of the workbook in their order, each with its rows."""
    plain = options.links == "plain"
    bands = results.operations.select("operation_id", band=pl.int_range(pl.len()) % 2)

    def sheet(title: str, about: str, frame: pl.DataFrame, **more: object) -> Sheet:
        columns = _columns(title)
        if "operation_id" in frame.columns:
            frame = frame.join(bands, on="operation_id", how="left", maintain_order="left").with_columns(
                # What is gone is among the changes only.
                pl.col("band").fill_null(0)
            )
        full = title.lower() if title.lower() in TABLES else None
        rows = iter([frame if plain else _defanged(frame, columns)])
        return Sheet(title, about, columns, rows, full=full, **more)  # type: ignore[arg-type]

    return [
        sheet(
            "Operations",
            "suspected operation, the strongest first",
            _operations(results),
            frozen=3,
            bars={"score": _BITS},
            inputs=() if results.redacted else ("decision", "note"),
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
            _named_edges(results),
            frozen=3,
            bars={"weight": _COUNTS},
        ),
        sheet(
            "Evidence",
            "act or thing that a pair shares, with links to both posts",
            _evidence(results),
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
            by_currency(results.ads),
            frozen=2,
            bars={"ads": _COUNTS},
        ),
        sheet("Ads", "ad that a Page of an operation ran", _ads(results), frozen=2),
        sheet(
            "Timeline",
            "month of an operation: what was made, advertised and coordinated",
            timeline(results),
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
        sheet("Run", "setting, input or version that the results come from", results.run, colour="#5F6B7A"),
    ]


def by_currency(ads: pl.DataFrame) -> pl.DataFrame:
    """Return what each operation's ads come to, a row for each currency; sums of nothing known are null."""

    def total(column: str) -> pl.Expr:
        return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)

    began = pl.coalesce("started_at", "created_at")
    return ads.group_by("operation_id", "currency", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("ads"),
        total("spend_lower"),
        total("spend_upper"),
        pl.all_horizontal(pl.col("spend_lower", "spend_upper").is_null())
        .sum()
        .cast(pl.Int64)
        .alias("without_spend"),
        total("impressions_lower"),
        total("impressions_upper"),
        pl.col("page_id").n_unique().cast(pl.Int64).alias("pages"),
        pl.col("payer").drop_nulls().n_unique().cast(pl.Int64).alias("payers"),
        pl.col("payer").null_count().cast(pl.Int64).alias("without_payer"),
        began.min().alias("first_ad"),
        began.max().alias("last_ad"),
    )


def timeline(results: Results) -> pl.DataFrame:
    """Return what each operation did month by month, in the order of the operations."""
    made = results.members.select("operation_id", at="created_at", what=pl.lit("members_made"))
    ads = results.ads.select(
        "operation_id", at=pl.coalesce("started_at", "created_at"), what=pl.lit("ads_started")
    )
    first = pl.min_horizontal("source_at", "target_at")
    acts = results.evidence.select("operation_id", "layer", at=first, what=pl.lit("evidence"))
    months = pl.concat([made, ads, acts], how="diagonal").drop_nulls("at")
    if "layer" not in months.columns:
        months = months.with_columns(layer=pl.lit(None, pl.String))
    order = results.operations.select("operation_id").with_row_index("_order")
    return (
        months.group_by("operation_id", month=pl.col("at").dt.truncate("1mo"))
        .agg(
            *(
                (pl.col("what") == name).sum().cast(pl.Int64).alias(name)
                for name in ("members_made", "ads_started", "evidence")
            ),
            layers=pl.col("layer").drop_nulls().unique().sort(),
        )
        .join(order, on="operation_id", how="left")
        .sort("_order", "month")
        .drop("_order")
    )


def _columns(title: str) -> tuple[Column, ...]:
    if title == "Ads by currency":
        return _BY_CURRENCY
    if title == "Timeline":
        return _TIMELINE
    known = {column.name: column for column in (*TABLES[title.lower()], *_MORE.get(title, ()))}
    return tuple(known[name] for name in _ORDER[title].split())


def _operations(results: Results) -> pl.DataFrame:
    details = results.details.select("operation_id", "completeness", "summary")
    reasons = short_reasons(results.signals)
    ids = results.operations["operation_id"]
    short = pl.Series("in_short", [reasons.get(one) for one in ids], dtype=pl.String)
    return results.operations.with_columns(short, note=pl.lit(None, pl.String)).join(
        details, on="operation_id", how="left", maintain_order="left"
    )


def _names(results: Results) -> pl.DataFrame:
    return results.members.select(key_of("").alias("key"), "name").unique("key", keep="first")


def _with_names(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Add the names of `source_key` and `target_key`."""
    for end in ("source", "target"):
        named = names.rename({"key": f"{end}_key", "name": f"{end}_name"})
        frame = frame.join(named, on=f"{end}_key", how="left", maintain_order="left")
    return frame


def _named_edges(results: Results) -> pl.DataFrame:
    keyed = results.edges.with_columns(source_key=key_of("source_"), target_key=key_of("target_"))
    return _with_names(keyed, _names(results))


def _evidence(results: Results) -> pl.DataFrame:
    frame = _with_names(results.evidence, _names(results))
    frame = frame.join(results.quotes, on="object", how="left", maintain_order="left")
    apart = (pl.col("target_at") - pl.col("source_at")).abs().dt.total_seconds()
    links = {f"{end}_link": link_of(pl.col(f"{end}_ref")) for end in ("source", "target")}
    return frame.with_columns(seconds_apart=apart, **links)


def _ads(results: Results) -> pl.DataFrame:
    pages = results.members.filter(kind="page").select("platform", page_id="id", page_name="name")
    return results.ads.join(
        pages.unique(["platform", "page_id"], keep="first"),
        on=["platform", "page_id"],
        how="left",
        maintain_order="left",
    )


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
        elif column.kind not in {Kind.TEXT, Kind.SENTENCE} or column.name in links:
            continue
        frame = frame.with_columns(defanged_texts(texts).alias(column.name))
    return frame


def _where(frame: pl.DataFrame, condition: pl.Expr, name: str) -> pl.DataFrame:
    """Make the links of a column harmless in the rows that meet a condition."""
    safe = defanged_links(frame[name])
    return frame.with_columns(pl.when(condition).then(safe).otherwise(name).alias(name))
