"""The graph as Python objects, for people whose notebooks use py2neo (extra `py2neo`).

    from analytics.ogm import Operation, Page, repository

    graph = repository("demo")
    operation = graph.match(Operation).order_by("_.rank").first()
    [page.name for page in operation.members if isinstance(page, Page)]

py2neo has reached its end of life: what works with today's Neo4j, what does not, and what replaces it stands
in docs/notebooks.md. Objects are for reading: the next load or ranking overwrites what was changed.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from analytics.investigation import place_of
from cypher.errors import ServerError, UsageError

try:
    from interchange.time import DateTime
    from py2neo.errors import ConnectionUnavailable
    from py2neo.ogm import Model, Property, Related, RelatedFrom, RelatedTo, Repository
except ImportError as missing:
    raise UsageError(
        "the object-graph mapping needs py2neo, which is not installed",
        'Install it: pip install "cibgraph[py2neo]"',
    ) from missing

__all__ = ["Account", "Ad", "Asset", "Group", "Operation", "Page", "Payer", "Signal", "repository"]


def repository(folder: str | Path | None = None) -> Repository:
    """Open the graph of a workspace with py2neo; its server is started if need be.

    Args:
        folder: The workspace; None for the one that holds the current folder.

    Raises:
        UsageError: There is none.
        ServerError: Its server cannot be reached or started, or refuses the password.
    """
    address, _ = place_of(folder)
    try:
        return Repository(
            address.uri, auth=(address.username, address.password), name=address.database or None
        )
    except ConnectionUnavailable as error:
        raise ServerError(f"py2neo cannot connect to {address.uri}: {error}") from error


def _plain(value: Any) -> Any:
    """Return a value as plain Python; the graph's times are UTC, which py2neo forgets."""
    return value.to_native().replace(tzinfo=UTC) if isinstance(value, DateTime) else value


class Time(Property):  # type: ignore[misc]
    """A time, as Python's `datetime` in UTC."""

    def __get__(self, instance: Any, owner: type) -> Any:
        return _plain(super().__get__(instance, owner))


class Asset(Model):  # type: ignore[misc]
    """An account, Page or Group; whatever is found through another object is of its own class."""

    __primarykey__ = "key"

    key = Property()
    platform = Property()
    kind = Property()
    id = Property()
    name = Property()
    url = Property()
    created_at = Time()
    removed_at = Time()

    operations = RelatedTo("Operation", "PART_OF")
    #: Of several layers between two assets this shows one; `edges` has all.
    coordinated = Related("Asset", "COORDINATED")
    administrators = RelatedFrom("Account", "ADMINISTERS")

    @classmethod
    def wrap(cls, node: Any) -> Any:
        """Return a node as an object of the class that its labels name."""
        own = next(
            (one for one in (Account, Page, Group) if node and node.has_label(one.__primarylabel__)), cls
        )
        return Model.wrap.__func__(own, node)

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The coordinated edges, every layer: `other` (an asset), and the properties of each edge."""
        node = self.__node__
        return [
            {"other": Asset.wrap(edge.end_node if edge.start_node == node else edge.start_node)}
            | {name: _plain(value) for name, value in edge.items()}
            for edge in node.graph.match({node, None}, "COORDINATED")
        ]


class Account(Asset):
    """An account, of a person or one that poses as one."""

    handle = Property()
    country = Property()
    language = Property()
    followers = Property()
    verified = Property()
    bio = Property()
    profile_image_hash = Property()

    administers = RelatedTo("Asset", "ADMINISTERS")
    member_of = RelatedTo("Group", "MEMBER_OF")


class Page(Asset):
    """A Page."""

    handle = Property()
    category = Property()
    country = Property()
    followers = Property()
    verified = Property()
    confirmed_owner = Property()
    about = Property()
    admin_countries = Property()
    admin_country_counts = Property()

    ads = RelatedTo("Ad", "RAN")


class Group(Asset):
    """A Group."""

    privacy = Property()
    #: How many people are in it.
    members = Property()

    joined = RelatedFrom("Account", "MEMBER_OF")


class Ad(Model):  # type: ignore[misc]
    """An ad."""

    __primarykey__ = "key"

    key = Property()
    platform = Property()
    id = Property()
    page_id = Property()
    currency = Property()
    spend_lower = Property()
    spend_upper = Property()
    impressions_lower = Property()
    impressions_upper = Property()
    started_at = Time()
    stopped_at = Time()
    text = Property()
    url = Property()
    countries = Property()
    targets = Property()
    disclaimer = Property()

    run_by = RelatedFrom("Asset", "RAN")
    paid_for_by = RelatedTo("Payer", "PAID_FOR_BY")


class Payer(Model):  # type: ignore[misc]
    """Who paid for ads, by name."""

    __primarykey__ = "key"

    key = Property()
    name = Property()

    paid_for = RelatedFrom("Ad", "PAID_FOR_BY")


class Signal(Model):  # type: ignore[misc]
    """One line of an operation's score."""

    __primarykey__ = "id"

    id = Property()
    name = Property()
    value = Property()
    background = Property()
    bits = Property()
    why = Property()


class Operation(Model):  # type: ignore[misc]
    """A suspected operation."""

    __primarykey__ = "id"

    id = Property()
    rank = Property()
    score = Property()
    status = Property()
    candidate = Property()
    completeness = Property()
    assets = Property()
    pages = Property()
    accounts = Property()
    groups = Property()
    instagram_accounts = Property()
    followers_upper_bound = Property()
    ads = Property()
    ad_spend = Property()
    first_seen = Time()
    last_seen = Time()
    countries = Property()
    layers = Property()
    why = Property()

    members = RelatedFrom("Asset", "PART_OF")
    shows = RelatedTo("Signal", "SHOWS")
