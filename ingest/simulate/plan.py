"""What an operation is to be: its size, its figures, and how careless it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AdPlan:
    """Advertising of an operation: US dollars at the rates of `money.PER_USD`; months as (year, month)."""

    ads: int
    usd: float
    currencies: tuple[tuple[str, float], ...]
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """An operation to plant.

    Attributes:
        operation: Its id in `truth`.
        operator: Country in which its admins really are, and by whose clock they work.
        claimed: Countries that its personas and Pages claim, with weights.
        topics: What its Pages are about.
        pages: Number of Pages, and so on for the other kinds.
        page_followers: Sum over its Pages; None leaves them as they come. Likewise the other two sums.
        cells: Teams that work apart, each with its own personas, Pages, devices and tasks.
        core: Personas who administer Pages in several cells.
        central: Tasks (a link, text, picture, hashtags to be spread) issued to everybody.
        local: Tasks issued within each cell.
        minutes: Median delay between the copies of a task.
        shared: Share of the personas that show a shared device; other identifiers follow from it.
        burst: Share of the personas that were created in bursts; of Pages and Groups, less.
        copied: Share of the personas that have a copied picture.
        ads: Advertising, if any.
    """

    operation: str
    operator: str
    claimed: tuple[tuple[str, float], ...]
    topics: tuple[str, ...]
    pages: int
    accounts: int
    groups: int = 0
    instagram: int = 0
    x: int = 0
    page_followers: int | None = None
    group_members: int | None = None
    instagram_followers: int | None = None
    cells: int = 1
    core: int = 0
    central: int = 60
    local: int = 40
    minutes: float = 35.0
    shared: float = 0.5
    burst: float = 0.6
    copied: float = 0.3
    ads: AdPlan | None = None
