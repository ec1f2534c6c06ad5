"""Decisions: what analysts decided on operations, in a journal that is only ever added to.

The journal is a file of the workspace, one JSON object a line. It is the truth, of which the graph's
`:Decision` nodes are a view: it survives new runs, new loads and the loss of the graph. With each decision
it keeps the operation as it was then, so that the operation is known again by its members, and so that one
can say what has changed since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from analytics.files import written
from cypher.errors import CibError, UsageError

VERDICTS: Final = ("confirmed", "dismissed", "watch")
#: Characters of a name and of a note.
MOST_NAME: Final = 200
MOST_NOTE: Final = 10_000


@dataclass(frozen=True)
class Verdict:
    """What somebody decides.

    Attributes:
        operation: The operation's id.
        verdict: One of `VERDICTS`.
        by: Who decides.
        note: Why.
    """

    operation: str
    verdict: str
    by: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise UsageError(f"there is no verdict {self.verdict!r}", f"Verdicts: {', '.join(VERDICTS)}.")
        if not self.by.strip():
            raise UsageError(f"nobody is named who decides on {self.operation}", "Say who: --by NAME")
        for what, text, most in (("name", self.by, MOST_NAME), ("note", self.note, MOST_NOTE)):
            if len(text) > most:
                raise UsageError(
                    f"the {what} of the decision on {self.operation} has {len(text):,} characters",
                    f"At most {most:,} are kept.",
                )


@dataclass(frozen=True)
class Subject:
    """An operation as it was when somebody decided on it.

    Attributes:
        score: Bits.
        members: Role by asset key.
        bits: Bits by signal.
        watched: Keys of those members that were on the watchlist.
    """

    score: float = 0.0
    members: dict[str, str] = field(default_factory=dict)
    bits: dict[str, float] = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Decision:
    """A verdict on record.

    Attributes:
        id: `DEC-` and 12 hex digits of a hash of what was decided, when, by whom.
        at: When, UTC; later in the journal is later in time.
        run: The run whose operation was looked at.
        subject: The operation as it was.
    """

    id: str
    at: dt.datetime
    operation: str
    verdict: str
    by: str
    note: str
    run: str
    subject: Subject = field(repr=False)


@dataclass(frozen=True)
class Journal:
    """The file with the decisions; who writes to it holds the workspace."""

    path: Path

    def read(self) -> list[Decision]:
        """Return all decisions, in the order they were made.

        Raises:
            CibError: The file cannot be read, or a line of it is no decision.
        """
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise CibError(f"{self.path} cannot be read: {error}", "Put a copy of it back.") from error
        return [self._decision(number, line) for number, line in enumerate(lines, start=1)]

    def latest(self) -> dict[str, Decision]:
        """Return the decision that holds now, by operation."""
        return {decision.operation: decision for decision in self.read()}

    def append(
        self, verdicts: Sequence[tuple[Verdict, Subject]], run: str, *, now: dt.datetime | None = None
    ) -> list[Decision]:
        """Add decisions, all or none, and return them.

        Args:
            verdicts: What was decided, on what.
            run: The run whose operations were looked at.
            now: When; by default now.
        """
        last = next((decision.at for decision in reversed(self.read())), None)
        at = now or dt.datetime.now(dt.UTC)
        made = []
        for verdict, subject in verdicts:
            # A clock may be set back; the order of decisions is not.
            at = at if last is None or at > last else last + dt.timedelta(microseconds=1)
            last = at
            told = "\n".join((at.isoformat(), verdict.operation, verdict.verdict, verdict.by, verdict.note))
            name = f"DEC-{hashlib.sha256(told.encode()).hexdigest()[:12].upper()}"
            made.append(Decision(name, at, **asdict(verdict), run=run, subject=subject))
        before = self.path.read_bytes() if self.path.is_file() else b""
        # Written whole beside the old one: no crash leaves half a line behind.
        with written(self.path) as partial:
            partial.write_bytes(before + "".join(map(_line, made)).encode())
        return made

    def _decision(self, number: int, line: str) -> Decision:
        try:
            told: dict[str, Any] = json.loads(line)
            told["at"] = dt.datetime.fromisoformat(told["at"])
            told["subject"] = Subject(**told["subject"])
            return Decision(**told)
        except (ValueError, TypeError, KeyError) as error:
            raise CibError(
                f"{self.path}, line {number}: this is no decision ({error})",
                "The file is written by cib only. Put a copy of it back, or take the line out.",
            ) from error


def _line(decision: Decision) -> str:
    told = asdict(decision) | {"at": decision.at.isoformat()}
    return (
        json.dumps(told, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"
    )
