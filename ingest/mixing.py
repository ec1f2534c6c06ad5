"""No graph holds things read and hashed, or hashed with two keys: they would not join, and would leak."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from cypher.errors import UsageError
from ingest.pseudonyms import Pseudonyms

#: How many sources an error names.
_NAMED: Final = 5


@dataclass(frozen=True)
class Held:
    """A source that was loaded before.

    Attributes:
        path: Its file, as it was named.
        mark: What was hashed in it, and with which key: `Pseudonyms.mark`.
    """

    source: str
    path: str
    mark: str


def refuse_mixing(held: Iterable[Held], loading: Collection[str], pseudonyms: Pseudonyms) -> None:
    """Refuse to load under other pseudonyms than what is loaded and stays.

    Args:
        held: All sources that are loaded.
        loading: The ids of those that are loaded now, anew where their mark differs.
        pseudonyms: What is hashed now.

    Raises:
        UsageError: Sources stay that were loaded otherwise.
    """
    others = [one for one in held if one.mark != pseudonyms.mark and one.source not in loading]
    if not others:
        return
    before, now = (_kinds(mark) for mark in (others[0].mark, pseudonyms.mark))
    if before != now:
        what = f"what is loaded was loaded with {before}, and this load would have {now}"
        mend = "Set [load] pseudonymise in cib.toml as it was"
    else:
        what = "what is loaded was hashed with another key"
        mend = "Bring back the key (.cib/pseudonym.key, or CIB_PSEUDONYM_KEY)"
    some = ", ".join(one.path for one in others[:_NAMED])
    more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    raise UsageError(
        f"{what}: {some}{more}",
        f"{mend}; or load all of it again in one command; or take it back first: cib load --remove.",
    )


def _kinds(mark: str) -> str:
    kinds = mark.partition(" ")[0]
    return f"hashed {kinds.replace(',', ', ')}" if kinds else "nothing hashed"
