"""Members who post mostly in a language that is foreign to the country that they declare."""

from __future__ import annotations

from typing import Final

import polars as pl
from babel.core import get_global
from babel.languages import get_territory_language_info

from analytics.signals.case import Case
from analytics.signals.trait import Trait, measure

#: Of fewer posts with a language, or a smaller share of them, nobody has one that he mostly uses.
FEWEST_POSTS: Final = 20
MOSTLY: Final = 0.6
#: A language is at home in a country where it is official, or so many in a hundred speak it,
SPOKEN: Final = 2.0
#: or so many others of that country, and such a share of them, mostly post in it.
FEWEST: Final = 5
USUAL: Final = 0.05
#: Everybody's second language.
EVERYWHERE: Final = "en"
#: Older codes and those of one platform, as CLDR writes them.
_SPELLINGS: Final = {"in": "id", "iw": "he", "tl": "fil", "no": "nb", "nn": "nb", "ji": "yi"}

TRAIT = Trait(
    name="foreign_language",
    sentence="{k} of {n} members with a country and a language ({share}) post mostly in a language that is"
    " foreign there; elsewhere {background} do",
)


def foreign_language(case: Case) -> pl.DataFrame:
    """Measure it; returns columns `MEASURED`.

    What is usual in a country is told by a shipped prior (Unicode's CLDR) and by assets of that country that
    are neither in a community nor suspected. Codes that CLDR does not know, such as 'und', tell nothing.
    """
    code = pl.col("language").str.replace(r"[-_].*", "").replace(_SPELLINGS)
    home = case.population.assets.select("asset", "country").drop_nulls()
    spoken = (
        case.population.languages.with_columns(code)
        .filter(pl.col("language").is_in(sorted(_known())))
        .group_by("asset", "language")
        .agg(pl.col("posts").sum())
        .with_columns(all=pl.col("posts").sum().over("asset"))
        .filter((pl.col("all") >= FEWEST_POSTS) & (pl.col("posts") >= MOSTLY * pl.col("all")))
        .join(home, on="asset")
        .select("asset", "country", "language")
        .sort("asset")
    )
    others = case.elsewhere(spoken).join(case.members, on="asset", how="anti")
    usual = (
        others.group_by("country", "language")
        .agg(n=pl.len())
        .with_columns(share=pl.col("n") / pl.col("n").sum().over("country"))
        .filter((pl.col("n") >= FEWEST) & (pl.col("share") >= USUAL))
        .select("country", "language")
    )
    shipped = pl.DataFrame(
        [
            (country, language)
            for country in spoken["country"].unique().sort()
            for language in sorted(at_home(country))
        ],
        schema=usual.schema,
        orient="row",
    )
    ours = pl.concat([usual, shipped]).unique().with_columns(ours=pl.lit(value=True))
    told = spoken.filter(pl.col("country").is_in(shipped["country"].unique().implode()))
    values = told.join(ours, on=["country", "language"], how="left", maintain_order="left")
    return measure(TRAIT, values.select("asset", has=pl.col("ours").is_null()), case)


def at_home(country: str) -> set[str]:
    """Return the languages at home in a country, with English; none where CLDR does not know it."""
    told = get_territory_language_info(country)
    found = {
        language.split("_")[0]
        for language, facts in told.items()
        if facts["official_status"] or float(facts["population_percent"] or 0) >= SPOKEN
    }
    return {_SPELLINGS.get(language, language) for language in found} | {EVERYWHERE} if found else set()


def _known() -> set[str]:
    everywhere = get_global("territory_languages").values()
    codes = {language.split("_")[0] for told in everywhere for language in told}
    return {_SPELLINGS.get(code, code) for code in codes} - {"und", "mul", "zxx"}
