"""What changes an operation materially: the rule by which a dismissed one speaks again.

Compared is the operation now with what it was when it was dismissed. It speaks again when

- members that joined weigh a quarter or more of all that it had (`analytics.history.identity.WEIGHTS`), or
- its score rose by 6 bits or more: what one strong signal adds, or
- a signal that said nothing for it then (0 bits or less) now says 3 bits or more, or
- it holds a watched asset that it did not hold, or that was not watched.

So does, compared with the whole, an operation that is a part of it (`analytics.decisions.remnants`). That
members left, or that evidence became weaker, is no reason.
"""

from __future__ import annotations

from typing import Final

from analytics.decisions.journal import Subject
from analytics.history.identity import WEIGHTS

LEAST_JOINED: Final = 0.25
LEAST_RISE: Final = 6.0
LEAST_SIGNAL: Final = 3.0


def changed_materially(then: Subject, now: Subject) -> list[str]:
    """Return the reasons why it has, in words that follow `since`; none: it has not."""
    reasons = []
    joined = {asset: role for asset, role in now.members.items() if asset not in then.members}
    if joined and _weight(joined) >= LEAST_JOINED * _weight(then.members):
        reasons.append(f"{len(joined):,} of its {len(now.members):,} members are new")
    if now.score - then.score >= LEAST_RISE:
        reasons.append(f"its score rose from {then.score:.1f} to {now.score:.1f} bits")
    fresh = sorted(
        name for name, bits in now.bits.items() if bits >= LEAST_SIGNAL and then.bits.get(name, 0.0) <= 0
    )
    if fresh:
        reasons.append(f"it now shows {_listed([name.replace('_', ' ') for name in fresh])}")
    if watched := set(now.watched) - set(then.watched):
        reasons.append(f"it holds {len(watched):,} watched asset{'s' * (len(watched) > 1)} more than then")
    return reasons


def _weight(members: dict[str, str]) -> float:
    return sum(WEIGHTS.get(role, 1.0) for role in members.values())


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
