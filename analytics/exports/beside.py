"""What the workbook's sheets show beside the export tables: names, links, sums by currency, months."""

from __future__ import annotations

import polars as pl

from analytics.decisions.stamps import latest
from analytics.exports.links import link_of
from analytics.exports.parts import key_of
from analytics.results import Results
from analytics.summary import short_reasons


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


def operations(results: Results) -> pl.DataFrame:
    """Return the operations with their reasons, the latest decision, completeness and summary."""
    details = results.details.select("operation_id", "completeness", "summary")
    reasons = short_reasons(results.signals)
    ids = results.operations["operation_id"]
    short = pl.Series("in_short", [reasons.get(one) for one in ids], dtype=pl.String)
    frame = results.operations.with_columns(short)
    for more in (latest(results), details):
        frame = frame.join(more, on="operation_id", how="left", maintain_order="left")
    return frame


def _names(results: Results) -> pl.DataFrame:
    return results.members.select(key_of("").alias("key"), "name").unique("key", keep="first")


def _with_names(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Add the names of `source_key` and `target_key`."""
    for end in ("source", "target"):
        named = names.rename({"key": f"{end}_key", "name": f"{end}_name"})
        frame = frame.join(named, on=f"{end}_key", how="left", maintain_order="left")
    return frame


def named_edges(results: Results) -> pl.DataFrame:
    """Return the edges with the names of both ends."""
    keyed = results.edges.with_columns(source_key=key_of("source_"), target_key=key_of("target_"))
    return _with_names(keyed, _names(results))


def evidence(results: Results) -> pl.DataFrame:
    """Return the evidence with names, quoted texts, links to both posts and the seconds between them."""
    frame = _with_names(results.evidence, _names(results))
    frame = frame.join(results.quotes, on="object", how="left", maintain_order="left")
    apart = (pl.col("target_at") - pl.col("source_at")).abs().dt.total_seconds()
    links = {f"{end}_link": link_of(pl.col(f"{end}_ref")) for end in ("source", "target")}
    return frame.with_columns(seconds_apart=apart, **links)


def ads(results: Results) -> pl.DataFrame:
    """Return the ads with the names of their Pages."""
    pages = results.members.filter(kind="page").select("platform", page_id="id", page_name="name")
    return results.ads.join(
        pages.unique(["platform", "page_id"], keep="first"),
        on=["platform", "page_id"],
        how="left",
        maintain_order="left",
    )
