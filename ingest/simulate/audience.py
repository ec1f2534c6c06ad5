"""What people do with what others make: follow, join, post in Groups, repost, react."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from ingest.simulate import clock, writing
from ingest.simulate.clock import DAY, END, HOUR, Ints
from ingest.simulate.world import Assets, World

_REACTIONS: Final = np.array(
    ["like", "love", "haha", "wow", "sad", "angry", "comment", "share"], dtype=object
)


def follow(world: World, people: Assets, pages: Assets, mean: float = 4.0) -> tuple[Ints, Ints]:
    """Let people follow Pages, popular ones more; return the pairs of ids that follow."""
    rng = world.rng
    if not len(people) or not len(pages):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    weights = np.sqrt(pages.followers + 1.0)
    who = np.repeat(np.arange(len(people)), rng.poisson(mean, len(people)))
    page = rng.choice(len(pages), len(who), p=weights / weights.sum())
    # People mostly follow what is near them.
    stay = (people.countries[who] == pages.countries[page]) | (rng.random(len(who)) < 0.3)
    who, page = who[stay], page[stay]
    since = np.maximum(people.created[who], pages.created[page])
    at = since + (rng.random(len(who)) * (END - since)).astype(np.int64)
    world.data.add(
        "links",
        {
            "source_kind": "account",
            "source_id": people.ids[who],
            "target_kind": "page",
            "target_id": pages.ids[page],
            "type": np.where(rng.random(len(who)) < 0.6, "likes", "follows"),
            "at": at,
        },
    )
    return people.ids[who], pages.ids[page]


def befriend(world: World, people: Assets, mean: float = 2.0) -> None:
    """Let people have friends, mostly in their own country."""
    rng, n = world.rng, len(people)
    if n < 2:
        return
    order = np.argsort(people.countries, kind="stable")
    place = np.repeat(np.arange(n), rng.poisson(mean, n))
    # Neighbours in the order by country: near ones often, far ones now and then.
    other = (place + 1 + (rng.pareto(0.8, len(place)) * 5).astype(np.int64) % (n - 1)) % n
    a, b = order[place], order[other]
    world.data.add(
        "links",
        {
            "source_kind": "account",
            "source_id": people.ids[a],
            "target_kind": "account",
            "target_id": people.ids[b],
            "type": "friend",
            "at": np.maximum(people.created[a], people.created[b]),
        },
    )


def join(world: World, people: Assets, groups: Assets, mean: float = 1.5, posting: float = 0.6) -> None:
    """Let people join Groups and post there.

    Args:
        world: Where.
        people: Who.
        groups: Big ones are joined more.
        mean: Groups a person.
        posting: Posts a membership, on average, at usual activity.
    """
    rng = world.rng
    if not len(people) or not len(groups):
        return
    weights = np.sqrt(groups.followers + 1.0)
    who = np.repeat(np.arange(len(people)), rng.poisson(mean, len(people)))
    group = rng.choice(len(groups), len(who), p=weights / weights.sum())
    since = np.maximum(people.created[who], groups.created[group])
    world.data.add("members", {"account_id": people.ids[who], "group_id": groups.ids[group], "since": since})
    post = np.repeat(np.arange(len(who)), rng.poisson(posting * world.activity, len(who)))
    author, group = who[post], group[post]
    at = clock.moments(rng, people.countries[author])
    topics = groups.topics[group]
    world.post(
        "account",
        people.ids[author],
        at,
        writing.texts(rng, topics),
        surface_kind="group",
        surface_id=groups.ids[group],
        urls=world.press.links(rng, at, 0.2),
        hashtags=writing.hashtags(rng, topics, 0.2),
    )


def respond(
    world: World,
    who: Ints,
    page: Ints,
    *,
    reposts: float,
    reactions: float,
    replies: float,
    minutes: float,
    spread: float = 1.8,
    since: Ints | None = None,
) -> None:
    """Let followers repost, answer and react to what their Pages have posted.

    Args:
        world: Where; only posts that exist by now are responded to.
        who: Account ids, one a pair of follower and Page.
        page: Page ids, one a pair.
        reposts: How many a pair, on average, at usual activity.
        reactions: Likewise.
        replies: Likewise.
        minutes: Median delay after the post.
        spread: Standard deviation of the logarithm of the delay.
        since: Earliest time of a post that is responded to, one a pair.
    """
    rng = world.rng
    pages, posts, published = world.published()
    first = np.searchsorted(pages, page, side="left")
    count = np.searchsorted(pages, page, side="right") - first
    answer = count > 0
    earliest = np.zeros(len(who), dtype=np.int64) if since is None else since
    who, first, count, earliest = who[answer], first[answer], count[answer], earliest[answer]

    def some(rate: float) -> tuple[Ints, Ints, Ints]:
        pair = np.repeat(np.arange(len(who)), rng.poisson(rate * world.activity, len(who)))
        post = first[pair] + (rng.random(len(pair)) * count[pair]).astype(np.int64)
        at = published[post] + clock.delays(rng, len(pair), minutes, spread)
        keep = (at < END) & (published[post] >= earliest[pair])
        return who[pair][keep], posts[post][keep], at[keep]

    for rate, column in ((reposts, "repost_of"), (replies, "reply_to")):
        account, target, at = some(rate)
        topics = rng.integers(0, len(writing.NAMES), len(account))
        text = writing.texts(rng, topics, common=0.3)
        silent = np.full(len(account), column == "repost_of") & (rng.random(len(account)) < 0.8)
        if len(account):
            said: dict[str, Any] = {column: target}
            world.post("account", account, at, writing.blank(text, silent), **said)
    account, target, at = some(reactions)
    kind = _REACTIONS[rng.choice(8, len(account), p=[0.6, 0.14, 0.06, 0.05, 0.03, 0.04, 0.05, 0.03])]
    world.data.add(
        "reactions",
        {
            "account_id": account,
            "target_kind": "post",
            "target_id": target,
            "type": pl.Series(kind.tolist(), dtype=pl.String),
            "at": at,
        },
    )


def go_viral(world: World, people: Assets) -> None:
    """Let a few links and hashtags be shared by crowds of strangers within hours."""
    rng, n = world.rng, len(people)
    events = max(2, n // 500)
    for _ in range(events):
        size = int(min(n * 0.3, 40 * (rng.pareto(0.9) + 1)))
        crowd = rng.choice(n, size, replace=False)
        start = int(rng.integers(clock.START, END - 3 * DAY))
        at = np.minimum(start + (rng.gamma(2.0, 3.0, size) * HOUR).astype(np.int64), END - 1)
        topics = np.full(size, int(rng.integers(0, len(writing.NAMES))))
        link = writing.blank(pl.Series([world.video()] * size), rng.random(size) < 0.25)
        world.post(
            "account",
            people.ids[crowd],
            at,
            writing.texts(rng, topics, common=0.3),
            urls=link,
            hashtags=writing.blank(pl.Series(world.tags(1).to_list() * size), rng.random(size) < 0.4),
        )
