"""Which source column could be which column of which table, by names and by first values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.mapping.guess import Seen
from ingest.mapping.synonyms import AUTHORS, OWNER_KINDS, PLATFORMS, SYNONYMS, VALUE_KINDS, spelling
from ingest.profiles.base import Look
from ingest.reading import table_name
from ingest.tables import TABLES

#: Kinds of values that fit a column's type; other types take any.
_FITTING: Final = {
    "time": {"time", "empty"},
    "count": {"number", "empty"},
    "amount": {"number", "text", "empty"},
    "flag": {"flag", "number", "empty"},
    "list": {"list", "url", "text", "empty"},
    "countries": {"list", "text", "empty"},
}
_CONSTANTS: Final = {
    "posts": {"author_kind": "account"},
    "reactions": {"target_kind": "post"},
    "links": {"source_kind": "account", "target_kind": "account", "type": "follows"},
    "admins": {"asset_kind": "page"},
    "identifiers": {"asset_kind": "account", "kind": "email"},
}
#: Texts that an account may have as well as a post.
_OF_AUTHORS: Final = {"description", "title"}
#: Names that say nothing without what they belong to.
_VAGUE: Final = {"id", "name", "type", "at", "url", "value", "count"}


@dataclass
class Part:
    """Rows of one table: the source of each column, and constants."""

    table: str
    taken: dict[str, Seen] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Required columns that nothing was found for."""
        return [
            name
            for name in TABLES[self.table].required
            if name not in self.taken and name not in self.constants
        ]


def best_table(look: Look, seen: Sequence[Seen]) -> Part:
    """Return the table that a file's rows most likely are, with the sources of its columns."""
    part = max((_matched(table, seen) for table in SYNONYMS), key=lambda part: _score(part, look))
    _fill_by_content(part, seen)
    return part


def _matched(table: str, seen: Sequence[Seen]) -> Part:
    part = Part(table, constants=dict(_CONSTANTS.get(table, {})))
    free = list(seen)
    for column, names in SYNONYMS[table].items():
        kind = next(declared.type for declared in TABLES[table].columns if declared.name == column)
        found = _named(names, free, _FITTING.get(kind))
        if found is not None:
            part.taken[column] = found
            free.remove(found)
    for declared in TABLES[table].columns:
        same = [one for one in free if spelling(one.reference) == spelling(declared.name)]
        if same and declared.name != "platform" and declared.name not in part.taken:
            part.taken[declared.name] = same[0]
            free.remove(same[0])
    _settle(part)
    return part


def _named(names: str, free: Sequence[Seen], fitting: set[str] | None) -> Seen | None:
    fits = [one for one in reversed(free) if fitting is None or one.kind in fitting]
    whole = {spelling(one.reference): one for one in fits}
    # Of what lies inside JSON the last parts of its path say what it is: `data.author.id`.
    tails = {spelling(".".join(one.reference.split(".")[-2:])): one for one in fits}
    ends = {end: one for one in fits if (end := spelling(one.reference.split(".")[-1])) not in _VAGUE}
    return next(
        (spelt[name] for spelt in (whole, tails, ends) for name in names.split() if name in spelt), None
    )


def _settle(part: Part) -> None:
    """Derive the kinds of what is named, and both ends of a range that has one."""
    owner = part.taken.get("author_id")
    if part.table == "posts":
        if owner is not None:
            words = spelling(owner.reference)
            part.constants["author_kind"] = next(
                (kind for word, kind in OWNER_KINDS.items() if words.startswith(word)), "account"
            )
        if "surface_id" in part.taken:
            part.constants["surface_kind"] = "group"
    if part.table == "identifiers" and "value" in part.taken:
        words = spelling(part.taken["value"].reference)
        kinds = [kind for word, kind in VALUE_KINDS.items() if word in words]
        part.constants["kind"] = next(iter(kinds), "email")
    for low, high in (("spend_lower", "spend_upper"), ("impressions_lower", "impressions_upper")):
        if low in part.taken and high not in part.taken:
            part.taken[high] = part.taken[low]


def _score(part: Part, look: Look) -> float:
    """Return how well a table fits: columns found, less those that are required and missing."""
    named = 3 if table_name(look.path).startswith(part.table.removesuffix("s")) else 0
    names = {one.reference for one in part.taken.values()}
    # A text by somebody is a post, whatever else the row says of its author.
    text = part.taken.get("text") if part.table == "posts" and "author_id" in part.taken else None
    post = 4 if text is not None and spelling(text.reference) not in _OF_AUTHORS else 0
    return len(names) - 2.5 * len(part.missing) + named + post


def _fill_by_content(part: Part, seen: Sequence[Seen]) -> None:
    """Guess the required columns that no name tells: the one time, the one column of distinct values."""
    used = {one.reference for one in part.taken.values()}
    free = [one for one in seen if one.reference not in used]
    for column in TABLES[part.table].columns:
        if column.name not in part.missing:
            continue
        if column.type == "time":
            fitting = [one for one in free if one.kind == "time"]
        elif column.name == "id":
            fitting = [one for one in free if _tells_apart(one)][:1]
        else:
            fitting = []
        if len(fitting) == 1:
            part.taken[column.name] = fitting[0]
            free.remove(fitting[0])


def _tells_apart(seen: Seen) -> bool:
    """Return whether a column could be an id: no value twice, and ids by their name or by their look."""
    distinct = 1 < len(seen.values) == len(set(seen.values))
    named = spelling(seen.reference).endswith(("id", "key", "uuid"))
    return distinct and (
        named or seen.kind == "url" or all(len(value) > 11 and value.isalnum() for value in seen.values)
    )


def author(main: Part, seen: Sequence[Seen]) -> Part | None:
    """Return what rows of posts say of their authors, if they say more than the id."""
    owner = main.taken.get("author_id") if main.table == "posts" else None
    if owner is None:
        return None
    table = "pages" if main.constants["author_kind"] == "page" else "accounts"
    part = Part(table, {"id": owner})
    types = {column.name: column.type for column in TABLES[table].columns}
    used = {one.reference for one in main.taken.values()}
    free = [one for one in seen if one.reference not in used]
    for column, names in AUTHORS.items():
        name = "about" if column == "bio" and table == "pages" else column
        found = _named(names, free, _FITTING.get(types[name]))
        if found is not None:
            part.taken[name] = found
            free.remove(found)
    return part if len(part.taken) > 1 else None


def platform_of(look: Look, seen: Sequence[Seen]) -> tuple[str | None, str | None, str]:
    """Return the column that says the platform, or the platform that all rows are of; and why."""
    for one in seen:
        if spelling(one.reference) in ("platform", "network") and one.kind == "text":
            return one.reference, None, "as the column says"
    texts = [value.lower() for one in seen if one.kind in ("url", "list") for value in one.values]
    counts = {
        platform: sum(any(f"{mark}/" in text for mark in marks) for text in texts)
        for platform, marks in PLATFORMS.items()
    }
    best = max(counts, key=lambda platform: counts[platform])
    if counts[best]:
        return None, best, f"addresses of it in the first rows: {counts[best]}; check"
    words = " ".join([look.path.name.lower(), *(one.reference.lower() for one in seen)])
    for platform, marks in PLATFORMS.items():
        if any(mark.partition(".")[0] in words for mark in marks if len(mark.partition(".")[0]) > 2):
            return None, platform, "the names say so; check"
    return None, "facebook", "nothing tells: say which it is"
