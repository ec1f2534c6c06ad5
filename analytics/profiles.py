"""What an operation consists of: counts, reach, money, times, countries, layers, and each member's role."""

from __future__ import annotations

import polars as pl

from analytics.layers.edges import both_ways, without_likeness
from analytics.population import Population


def profile(population: Population, members: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return one row a community with the figures of `operations.csv`.

    Sums of followers and of group members are upper bounds, since one person may follow several assets; they
    are null where none is known. Spend is a list of `CUR lower-upper`, one entry a currency, never converted;
    an ad without an upper bound counts with its lower one.

    Args:
        population: Everything known.
        members: `asset`, `community`.
        edges: Coordinated edges.
    """
    assets = members.join(population.assets, on="asset").join(population.activity, on="asset", how="left")
    instagram = pl.col("platform") == "instagram"
    account = pl.col("kind") == "account"
    declared = pl.concat_list(pl.col("country"), pl.col("admin_countries").fill_null([]))
    counts = assets.group_by("community").agg(
        assets=pl.len().cast(pl.Int64),
        pages=(pl.col("kind") == "page").sum().cast(pl.Int64),
        accounts=(account & ~instagram).sum().cast(pl.Int64),
        groups=(pl.col("kind") == "group").sum().cast(pl.Int64),
        instagram_accounts=(account & instagram).sum().cast(pl.Int64),
        followers_upper_bound=_known_sum("followers", pl.lit(value=True)),
        page_followers=_known_sum("followers", pl.col("kind") == "page"),
        instagram_followers=_known_sum("followers", account & instagram),
        group_members=_known_sum("members", pl.col("kind") == "group"),
        first_seen=pl.min_horizontal(pl.col("first_at").min(), pl.col("created_at").min()),
        last_seen=pl.col("last_at").max(),
        countries=declared.explode().drop_nulls().unique().sort(),
    )
    found = _layers(members, edges)
    return (
        counts.with_columns(group_members_upper_bound=pl.col("group_members"))
        .join(_money(population, members), on="community", how="left")
        .join(found, on="community", how="left")
        .with_columns(pl.col("ads").fill_null(0), pl.col("ad_spend", "layers").fill_null([]))
        .sort("community")
    )


def roles(population: Population, members: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return the members with `role`, `confidence` (0-1) and `why`.

    `operator` administers a member Page or Group, `front` is a Page or Group, `advertiser` an account that
    ran ads, `amplifier` any other account. Confidence is the share of the member's strength that stays
    inside, times how much strength that is.

    Args:
        population: Everything known.
        members: `asset`, `community`, `inside`, `outside`, `venues`.
        edges: Coordinated edges.
    """
    runs = (
        population.admins.join(members.select(account="asset", community="community"), on="account")
        .join(members.select("asset", "community"), on=["asset", "community"])
        .group_by(asset="account")
        .agg(runs=pl.len())
    )
    run_by = (
        population.admins.join(members.select("asset", "community"), on="asset")
        .join(members.select(account="asset", community="community"), on=["account", "community"])
        .group_by("asset")
        .agg(run_by=pl.len())
    )
    partners = (
        both_ways(without_likeness(edges))
        .join(members.select(source="asset", community="community"), on="source")
        .join(members.select(target="asset", community="community"), on=["target", "community"])
        .group_by(asset="source")
        .agg(partners=pl.col("target").n_unique(), in_layers=pl.col("layer").unique().sort().str.join(", "))
    )
    advertises = population.ads.group_by("asset").agg(ads=pl.len())
    kind = population.assets.select("asset", "kind")
    joined = members.join(kind, on="asset")
    for frame in (runs, run_by, partners, advertises):
        joined = joined.join(frame, on="asset", how="left")
    share = pl.col("inside") / (pl.col("inside") + pl.col("outside"))
    reasons = pl.concat_str(
        pl.format("administers {}", _counted("runs", "member")),
        pl.format("administered by {}", _counted("run_by", "member")),
        pl.format("coordinated with {} ({})", _counted("partners", "member"), "in_layers"),
        pl.format("ran {}", _counted("ads", "ad")),
        pl.when(pl.col("venues") > 0).then(
            pl.when(pl.col("kind") == "group")
            .then(pl.lit("hardly anybody but members posts in it"))
            .otherwise(pl.lit("goes where hardly anybody but members goes"))
        ),
        separator="; ",
        ignore_nulls=True,
    )
    return joined.select(
        "asset",
        "community",
        role=pl.when(pl.col("kind") != "account")
        .then(pl.lit("front"))
        .when(pl.col("runs") > 0)
        .then(pl.lit("operator"))
        .when(pl.col("ads") > 0)
        .then(pl.lit("advertiser"))
        .otherwise(pl.lit("amplifier")),
        confidence=(share.fill_nan(0.0) * (1 - (-pl.col("inside") / 2).exp())).round(3),
        why=pl.when(reasons == "").then(pl.lit("shares several identifiers with members")).otherwise(reasons),
    ).sort("community", "asset")


def _counted(column: str, noun: str) -> pl.Expr:
    """Write a number with its noun; null where the number is."""
    one, many = pl.format(f"{{}} {noun}", column), pl.format(f"{{}} {noun}s", column)
    return pl.when(pl.col(column) == 1).then(one).otherwise(many)


def _known_sum(column: str, which: pl.Expr) -> pl.Expr:
    chosen = pl.col(column).filter(which)
    return pl.when(chosen.count() > 0).then(chosen.sum())


def _layers(members: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    return (
        edges.join(members.select(source="asset", community="community"), on="source")
        .join(members.select(target="asset", community="community"), on=["target", "community"])
        .group_by("community")
        .agg(layers=pl.col("layer").unique().sort())
    )


def _money(population: Population, members: pl.DataFrame) -> pl.DataFrame:
    ads = population.ads.join(members.select("asset", "community"), on="asset").unique(
        "ad", keep="first", maintain_order=True
    )
    spend = (
        ads.filter(pl.col("currency").is_not_null() & pl.col("spend_lower").is_not_null())
        .group_by("community", "currency")
        # An ad whose range has no upper end counts with its lower one: less is not possible.
        .agg(lower=pl.col("spend_lower").sum(), upper=pl.coalesce("spend_upper", "spend_lower").sum())
        .sort("community", "currency")
        .with_columns(range=pl.format("{} {}-{}", "currency", _amount("lower"), _amount("upper")))
        .group_by("community", maintain_order=True)
        .agg(ad_spend="range")
    )
    return (
        ads.group_by("community")
        .agg(
            ads=pl.len().cast(pl.Int64),
            first_ad=pl.col("started_at").min(),
            last_ad=pl.col("started_at").max(),
        )
        .join(spend, on="community", how="left")
    )


def _amount(column: str) -> pl.Expr:
    """Write an amount with two decimals, or none where it is whole."""
    return pl.col(column).round(2).cast(pl.Decimal(18, 2)).cast(pl.String).str.strip_suffix(".00")
