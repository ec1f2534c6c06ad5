"""What speaks against an operation: its members act together only where the public does."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.coacting import public_assets
from analytics.layers.edges import both_ways, without_likeness
from analytics.signals.case import Case
from analytics.signals.trait import MEASURED
from analytics.weights import WEIGHTS

NAME: Final = "public_moments"
#: Bits against, where all that members do together is what the public does, and nothing else joins them.
CAP: Final = WEIGHTS[NAME].cap
#: Up to this share of public acts a campaign may swim with the stream.
SOME: Final = 0.7
#: Fewer acts show no habit.
FEWEST: Final = 10
#: The public: so many assets from outside act on the object in that moment, and so many times as many as
#: members do.
CROWD: Final = 20
TIMES: Final = 4


def public_moments(case: Case) -> pl.DataFrame:
    """Measure what share of the co-actions is public; returns columns `MEASURED`.

    Public is what is done to an object on which many times as many assets from outside act within the same
    six hours (a match, a holiday, a day of action), and what each member does to the posts, links and
    hashtags of the one verified asset outside that it follows most, to hashtags that bear its name, and to
    links beside these: fans have one star each, a farm for hire has customers. It takes off bits in
    proportion to the members whom nothing else joins: devices, administrators, ads, reworded texts.
    """
    acts = case.together.with_columns(
        own=pl.col("asset").n_unique().over("community", "kind", "object", "moment")
    ).join(_idols(case), on=["community", "asset", "author"], how="left")
    # Beside the star's hashtag a link is the star's, too; a text that is copied is the members' own.
    praise = (pl.col("kind") == "hashtag") & pl.col("idol").fill_null(value=False)
    beside = (pl.col("kind") == "url") & praise.any().over("community", "asset", "post", "at")
    outside = pl.col("crowd") - pl.col("own")
    crowded = (outside >= CROWD) & (outside >= TIMES * pl.col("own"))
    counted = acts.group_by("community").agg(
        acts=pl.len(), k=(crowded | pl.col("idol").fill_null(value=False) | beside).sum()
    )
    tied = case.fellows(_other_edges(case)).group_by("community").agg(tied=pl.len())
    acting = case.together.group_by("community").agg(acting=pl.col("asset").n_unique())
    share = pl.col("k") / pl.col("acts")
    free = 1 - (pl.col("tied") / pl.col("acting")).clip(0.0, 1.0)
    return (
        counted.filter(pl.col("acts") >= FEWEST)
        .join(acting, on="community")
        .join(tied, on="community", how="left")
        .with_columns(pl.col("tied").fill_null(0))
        .with_columns(
            name=pl.lit(NAME),
            value=share,
            background=pl.lit(None, pl.Float64),
            bits=-(((share - SOME) / (1 - SOME)).clip(0.0, 1.0) * free * CAP).round(2),
            known=pl.col("acting"),
            eligible=pl.col("acting"),
            why=pl.format(
                "{} of {} acts in step are on what the public acts on in the same hours, or on the one"
                " verified asset that each follows most; {} members act in step, {} share more than that",
                "k",
                "acts",
                "acting",
                "tied",
            ),
        )
        .select(list(MEASURED))
        .cast(MEASURED)
        .sort("community")
    )


def _other_edges(case: Case) -> pl.DataFrame:
    """Return the ends of edges that what members do to the same objects does not explain."""
    ends = both_ways(without_likeness(case.edges))
    layer = pl.col("layer")
    copied = ends.filter(layer == "co_text").select("source", "target")
    # Reworded texts are different objects, so that no crowd around them is seen.
    reworded = ends.filter(layer == "co_similar_text").join(copied, on=["source", "target"], how="anti")
    return pl.concat([ends.filter(~layer.str.starts_with("co_")), reworded])


def _idols(case: Case) -> pl.DataFrame:
    """Return of each member (`community`, `asset`) the `author`, the public asset that it follows most."""
    public = public_assets(case.population.assets)
    return (
        case.together.filter(pl.col("author").is_in(public["asset"].implode()))
        .join(case.members.rename({"asset": "author"}), on=["author", "community"], how="anti")
        .group_by("community", "asset", "author")
        .agg(n=pl.len())
        .sort(["community", "asset", "n", "author"], descending=[False, False, True, False])
        .unique(["community", "asset"], keep="first", maintain_order=True)
        .select("community", "asset", "author", idol=pl.lit(value=True))
    )
