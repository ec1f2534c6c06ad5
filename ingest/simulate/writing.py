"""What posts say: texts, hashtags, links, pictures. The words matter little; who repeats them when, does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.simulate.clock import DAY, END, START, Ints

#: Topic: what it is about, and its hashtags (the first ones are used most).
TOPICS: Final[dict[str, tuple[str, str]]] = {
    "Cricket": (
        "the batting order|the last over|our bowlers|the captain|the league|the toss",
        "cricket ipl bleedblue psl worldcup",
    ),
    "Cinema": (
        "the new film|that song|the trailer|the hero|the first show|the director",
        "movies bollywood trailer nowshowing",
    ),
    "Food": (
        "biryani|the street stall|this recipe|mangoes|the bakery|breakfast",
        "foodie recipe streetfood yum homemade",
    ),
    "Travel": (
        "the mountains|our train|the old fort|the beach|the valley|this road",
        "travel wanderlust mountains roadtrip",
    ),
    "Fashion": (
        "the new collection|silk|this design|winter wear|the tailor|our sale",
        "fashion style sale handmade",
    ),
    "Technology": (
        "the new phone|this app|the update|battery life|the camera|open source",
        "tech android startup coding",
    ),
    "Health": (
        "the clinic|yoga|a morning walk|the vaccine drive|clean water|sleep",
        "health yoga fitness wellness",
    ),
    "Education": (
        "the exam|results|our school|admissions|the syllabus|scholarships",
        "education exam students results",
    ),
    "Politics": (
        "the election|the manifesto|the candidate|the budget|farmers|jobs",
        "elections2019 vote politics budget2019 democracy",
    ),
    "Army": (
        "our soldiers|the border|the martyrs|the parade|the valley|the air force",
        "salute army kashmir defenders pakarmy",
    ),
    "Music": (
        "the concert|the new album|that chorus|the band|the singer|the tour",
        "music newmusic live nowplaying",
    ),
    "Community": (
        "our street|the water supply|the festival|traffic|the market|volunteers",
        "community festival help volunteers",
    ),
}
TAG_WORDS: Final = sorted({tag for _, tags in TOPICS.values() for tag in tags.split() if tag.isalpha()})
NAMES: Final = np.array(list(TOPICS), dtype=object)

OPENERS: Final = [
    "Friends,",
    "Look at this:",
    "Honestly,",
    "Today",
    "So proud:",
    "Everyone should know:",
    "Just saw",
    "Thinking about",
    "Can't believe",
    "Once more",
    "This week",
    "Big day for",
    "My two cents on",
    "Finally",
    "Who else loves",
    "A word about",
]
VERBS: Final = [
    "deserves better",
    "made my day",
    "is what we need",
    "will surprise you",
    "is getting worse",
    "keeps us going",
    "needs your support",
    "changed everything",
    "was worth the wait",
    "is back again",
    "is not what they say",
    "brings people together",
    "is all over town",
    "should make us think",
    "is better than last year",
    "has a long history",
]
TAILS: Final = [
    "Share if you agree.",
    "What do you think?",
    "More soon.",
    "Tell your friends.",
    "Don't miss it.",
    "Photos below.",
    "Read this.",
    "No words.",
    "See you there.",
    "Thank you all!",
    "Stay tuned.",
    "Your view?",
    "God bless.",
    "Simple as that.",
    "Not long now.",
    "Ask anyone.",
]
WHEN: Final = [
    "since Monday",
    "near my home",
    "after years",
    "this winter",
    "before the holidays",
    "in our town",
    "at last",
    "as always",
    "for the children",
    "in the rain",
    "without a doubt",
    "in every house",
    "at the station",
    "on the radio",
    "behind the school",
    "by the river",
]
#: Said by thousands who have never heard of each other.
_COMMON: Final = [
    "Good morning everyone",
    "Happy birthday!",
    "Happy Diwali to all",
    "Eid Mubarak",
    "Happy New Year 2019",
    "Good night",
    "Nice pic",
    "So true",
    "Jai Hind",
    "Happy Republic Day",
    "Have a great weekend",
    "शुभ प्रभात",
    "صبح بخیر",
    "Bom dia",
    "Selamat pagi",
]
SIGNS: Final = ("!", "!!", " 🙏", " 👍", " ❤️", "...", " 🔥", " plz share", " 🇮🇳", " #share")


def pick(rng: np.random.Generator, words: list[str], n: int) -> pl.Series:
    """Return n of the words."""
    return pl.Series(words).gather(rng.integers(0, len(words), n))


def texts(rng: np.random.Generator, topics: npt.NDArray[np.int64], *, common: float = 0.05) -> pl.Series:
    """Return a text for each topic (its index in `NAMES`); a share of them are common phrases."""
    n = len(topics)
    subjects = pl.Series([subject for about, _ in TOPICS.values() for subject in about.split("|")])
    subject = subjects.gather(topics * 6 + rng.integers(0, 6, n))
    number = pl.Series(rng.integers(2, 400, n)).cast(pl.String)
    text = (
        pick(rng, OPENERS, n)
        + " "
        + subject
        + " "
        + pick(rng, WHEN, n)
        + " "
        + pick(rng, VERBS, n)
        + ". "
        + number
        + " "
        + pick(rng, ["reasons", "people", "days", "voices", "homes", "likes"], n)
        + ". "
        + pick(rng, TAILS, n)
    )
    return text.zip_with(pl.Series(rng.random(n) >= common), pick(rng, _COMMON, n))


def vary(rng: np.random.Generator, text: pl.Series) -> pl.Series:
    """Return texts as copied by hand: half exact, a third with small changes, the rest reworded in part."""
    n = len(text)
    kind = rng.random(n)
    signed = text + pick(rng, list(SIGNS), n)
    reworded = pick(rng, OPENERS, n) + " " + text.str.slice(0, 60) + " " + pick(rng, TAILS, n)
    return text.zip_with(pl.Series(kind < 0.5), signed.zip_with(pl.Series(kind < 0.83), reworded))


def hashtags(rng: np.random.Generator, topics: npt.NDArray[np.int64], share: float = 0.3) -> pl.Series:
    """Return zero to two hashtags of each topic, joined by `|`; popular ones are popular with everybody."""
    n = len(topics)
    tags = [tags.split() for _, tags in TOPICS.values()]
    starts = np.cumsum([0, *map(len, tags)])[:-1]
    sizes = np.array([len(words) for words in tags])
    flat = pl.Series([tag for words in tags for tag in words])

    def one() -> pl.Series:
        # Squaring makes the first tags of a topic the popular ones.
        return flat.gather(starts[topics] + (rng.random(n) ** 2 * sizes[topics]).astype(np.int64))

    first, second = one(), one()
    two = pl.Series(rng.random(n) < 0.35) & (first != second)
    joined = (first + "|" + second).zip_with(two, first)
    return blank(joined, rng.random(n) >= share)


def blank(values: pl.Series, where: npt.NDArray[np.bool_]) -> pl.Series:
    """Return the values with those at `where` missing."""
    return pl.select(pl.when(pl.Series(~where)).then(values)).to_series()


def pictures(numbers: Ints) -> pl.Series:
    """Return a perceptual hash for each number: sixteen hex digits, different for different numbers."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return pl.Series([f"{value:016x}" for value in mixed.tolist()], dtype=pl.String)


@dataclass(frozen=True)
class Press:
    """Articles that ordinary people link to, in order of publication."""

    urls: pl.Series
    published: Ints

    @classmethod
    def make(cls, rng: np.random.Generator, n: int) -> Press:
        """Return n articles on some two hundred sites."""
        site = (rng.pareto(0.9, n) * 3).astype(np.int64) % 200
        # Sites are called like anybody's, and addresses look like anybody's.
        name = rng.integers(1, 4_000_000_007, 200)[site]
        urls = (
            pl.DataFrame({"site": name, "number": rng.permutation(n) + 10_000})
            .select(pl.format("https://site{}.example/{}", "site", "number"))
            .to_series()
        )
        return cls(urls, np.sort(rng.integers(START - 3 * DAY, END, n)))

    def links(self, rng: np.random.Generator, at: Ints, share: float) -> pl.Series:
        """Return for each time a fresh article with probability `share`, else nothing."""
        newest = np.searchsorted(self.published, at) - 1
        back = (rng.pareto(1.1, len(at)) * 12).astype(np.int64)
        return blank(self.urls.gather(np.maximum(newest - back, 0)), rng.random(len(at)) >= share)
