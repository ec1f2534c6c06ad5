"""CooRTweet's `detect_groups` and CNT's `co_retweet`, redone in plain Python from their definitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from tests.layers.made_actions import Action


def detect_groups(
    actions: Iterable[Action], window: float, least: int, *, loops: bool
) -> Counter[tuple[str, str, str]]:
    """Return how often each (object, content, content), the contents in order, is a pair.

    As CooRTweet 2.1.3 does it, but that a row given twice counts once.
    """
    rows = list(dict.fromkeys(actions))
    shares = Counter(row[1] for row in rows)
    rows = [row for row in rows if shares[row[1]] >= least]
    by_object = defaultdict(list)
    for row in rows:
        by_object[row[0]].append(row)
    met = [
        (x, y)
        for one in by_object.values()
        for x, y in combinations(one, 2)
        if abs(x[2] - y[2]) <= window
        and (loops or (x[1] != y[1] and x[3] != y[3] and x[3] != x[0] and y[3] != y[0]))
    ]
    contents = {row[3] for pair in met for row in pair}
    part = Counter(row[1] for row in rows if row[3] in contents)
    passing = {row[3] for row in rows if row[3] in contents and part[row[1]] >= least}
    return Counter((x[0], *sorted((x[3], y[3]))) for x, y in met if x[3] in passing or y[3] in passing)  # type: ignore[arg-type]


def co_retweet(actions: Iterable[Action], window: float) -> dict[tuple[str, str], int]:
    """Return CNT's directed weights: distinct messages of the first that match one of the second."""
    rows = list(actions)
    matching: dict[tuple[str, str], set[str]] = {}
    for x in rows:
        for y in rows:
            if x[0] == y[0] and abs(x[2] - y[2]) <= window and x[3] != y[3]:
                matching.setdefault((x[1], y[1]), set()).add(x[3])
    return {pair: len(messages) for pair, messages in matching.items()}
