"""The columns of the workbook's sheets in their order: those of the export tables, and some more."""

from __future__ import annotations

from typing import Final

from analytics.columns import TABLES, Column, Kind

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


def columns_of(title: str) -> tuple[Column, ...]:
    """Return the columns of a sheet in their order."""
    if title == "Ads by currency":
        return _BY_CURRENCY
    if title == "Timeline":
        return _TIMELINE
    known = {column.name: column for column in (*TABLES[title.lower()], *_MORE.get(title, ()))}
    return tuple(known[name] for name in _ORDER[title].split())
