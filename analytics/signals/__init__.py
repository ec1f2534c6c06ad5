"""Signals: one measured trait of an operation a module."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import polars as pl

from analytics.signals.case import Case
from analytics.signals.coordinated_activity import coordinated_activity
from analytics.signals.copied_ads import copied_ads
from analytics.signals.copied_pictures import copied_pictures
from analytics.signals.creation_burst import creation_burst
from analytics.signals.disclosed_payers import disclosed_payers
from analytics.signals.few_ties_outside import few_ties_outside
from analytics.signals.foreign_admins import foreign_admins
from analytics.signals.foreign_audience import foreign_audience
from analytics.signals.foreign_currency import foreign_currency
from analytics.signals.foreign_hours import foreign_hours
from analytics.signals.foreign_language import foreign_language
from analytics.signals.loosely_held import loosely_held
from analytics.signals.mostly_coordinated import mostly_coordinated
from analytics.signals.name_templates import name_templates
from analytics.signals.no_break import no_break
from analytics.signals.open_ownership import open_ownership
from analytics.signals.public_moments import public_moments
from analytics.signals.renamed_pages import renamed_pages
from analytics.signals.reworded_texts import reworded_texts
from analytics.signals.shared_access import shared_access
from analytics.signals.shared_sites import shared_sites
from analytics.signals.sleepers import sleepers
from analytics.signals.undeclared_control import undeclared_control
from analytics.signals.undisclosed_payers import undisclosed_payers
from analytics.signals.work_shifts import work_shifts

#: Every signal, in the order in which an operation's account is read.
SIGNALS: Final[tuple[Callable[[Case], pl.DataFrame], ...]] = (
    coordinated_activity,
    mostly_coordinated,
    copied_ads,
    undeclared_control,
    shared_access,
    shared_sites,
    foreign_admins,
    foreign_audience,
    foreign_hours,
    foreign_language,
    creation_burst,
    copied_pictures,
    name_templates,
    few_ties_outside,
    reworded_texts,
    sleepers,
    no_break,
    work_shifts,
    renamed_pages,
    undisclosed_payers,
    foreign_currency,
    open_ownership,
    disclosed_payers,
    public_moments,
    loosely_held,
)


class _Called(ModuleType):
    """`analytics.signals()` is the table of signals in a notebook, and `analytics.signals` this package."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from analytics.notebooks import METHODS

        return METHODS["signals"](*arguments, **named)


sys.modules[__name__].__class__ = _Called
