"""What a mapping may say, and what makes no sense in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal
from zoneinfo import available_timezones

import polars as pl
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ingest.tables import TABLES

#: A reference to a source column in a template; `{{` and `}}` stand for braces.
PLACEHOLDER: Final = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")

_SOURCES: Final = ("column", "value", "template")
#: Entries that only columns of some types have.
_ONLY: Final = (
    (("format", "zone", "unit"), ("time",)),
    (("split",), ("list", "countries")),
    (("thousands", "decimal"), ("count", "amount")),
)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _fault(message: str, *place: str) -> PydanticCustomError:
    """Return an error; `place` is where below the model it stands."""
    # Braces would be taken for placeholders of the message.
    return PydanticCustomError("mapping", "{why}", {"why": message, "place": place})


def _one_or_more(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise _fault("no such time zone; write it as Europe/Athens or UTC")
    return name


def _sound_regex(pattern: str) -> str:
    try:
        pl.Series([""]).str.extract(pattern, 0)
    except pl.exceptions.PolarsError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise _fault(f"no valid regular expression: {reason}") from None
    return pattern


def _sound_format(text: str) -> str:
    if "%Z" in text:
        raise _fault("names of zones (%Z) are ambiguous; take the name out with regex, and give `zone`")
    try:
        read = pl.Series(["2019-04-01 12:34:56"]).str.to_datetime("%Y-%m-%d %H:%M:%S")
        written = read.dt.replace_time_zone("UTC").dt.strftime(text)
        again = written.str.to_datetime(text, strict=False, time_unit="us")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _fault(f"no usable format of times: {str(error).splitlines()[0]}") from None
    if again[0] is None:
        raise _fault("no usable format of times; for example %d/%m/%Y %H:%M")
    return text


_Texts = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), Field(min_length=1)]
_Formats = Annotated[
    tuple[Annotated[str, AfterValidator(_sound_format)], ...],
    BeforeValidator(_one_or_more),
    Field(min_length=1),
]
_One = Annotated[str, Field(min_length=1, max_length=1)]


class CellRule(_Strict):
    """Where the cells of one canonical column come from, and what is done to them, in this order.

    Attributes:
        column: A source column, or several of which the first that is not empty counts; inside JSON by dots
            (`stats.likes`) or a pointer (`/stats/likes`).
        value: The same text for every row.
        template: Texts and source columns, `{Page Id}/{Post Id}`; missing where one of the columns is.
        optional: Whether a file may lack the column.
        regex: What matches it is taken, its first group if it has one; missing where nothing does.
        strip: Characters taken away at both ends.
        thousands: Separator of thousands in numbers.
        decimal: Separator of decimals in numbers.
        map: Other texts for some values; those that are not named stay.
        otherwise: What stands for values that `map` does not name.
        split: Separator of a list.
        format: How a time is written, in the directives of strptime; several are tried in turn.
        zone: Where the times are local, if `format` has no offset.
        unit: What an epoch time counts.
    """

    column: _Texts | None = None
    value: str | None = None
    template: str | None = None
    optional: bool = False
    regex: Annotated[str, AfterValidator(_sound_regex)] | None = None
    strip: Annotated[str, Field(min_length=1)] | None = None
    thousands: _One | None = None
    decimal: _One | None = None
    map: Annotated[dict[str, str | None], Field(min_length=1)] | None = None
    otherwise: str | None = None
    split: Annotated[str, Field(min_length=1)] | None = None
    format: _Formats | None = None
    zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    unit: Literal["seconds", "milliseconds", "microseconds", "nanoseconds"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        if given is None:
            raise _fault("says nothing; name a source column, or take the line out")
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _sound(self) -> CellRule:
        given = [name for name in _SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise _fault(f"needs one of column, value and template, and has {' and '.join(given) or 'none'}")
        if self.template is not None and not list(placeholders(self.template)):
            raise _fault("the template names no column; write {Name of column} in it, or use value")
        if self.otherwise is not None and self.map is None:
            raise _fault("otherwise is for values that map does not name, and there is no map")
        if self.format is not None:
            if self.unit is not None:
                raise _fault("a time has a format or a unit, not both")
            timed = [text for text in self.format if "%z" not in text]
            if timed and self.zone is None and any(has_time(text) for text in timed):
                raise _fault("the format has no offset (%z), so zone must be given, such as Europe/Athens")
        elif self.zone is not None:
            raise _fault("zone needs a format")
        return self

    def references(self) -> tuple[str, ...]:
        """Return the source columns that are named, as they are named."""
        return self.column or tuple(placeholders(self.template or ""))


class TableRule(_Strict):
    """Rows of one canonical table."""

    table: str
    columns: dict[str, CellRule]

    @model_validator(mode="after")
    def _sound(self) -> TableRule:
        if self.table not in TABLES:
            raise _fault(f"there is no table {self.table!r}; there are {', '.join(TABLES)}", "table")
        table = TABLES[self.table]
        types = {column.name: column.type for column in table.columns}
        for name, rule in self.columns.items():
            if name not in types and not re.fullmatch(r"x_\w+", name):
                raise _fault(
                    f"{self.table} has no column {name!r}; it has {', '.join(table.names)},"
                    " and any column of your own as x_name",
                    "columns",
                    name,
                )
            kind = types.get(name, "text")
            for only, allowed in _ONLY:
                wrong = [option for option in only if getattr(rule, option) is not None]
                if wrong and kind not in allowed:
                    raise _fault(
                        f"{name} is no {' or '.join(allowed)}, and so has no {wrong[0]}", "columns", name
                    )
        missing = [name for name in ("platform", *table.required) if name not in self.columns]
        if missing:
            raise _fault(
                f"{self.table} needs {', '.join(dict.fromkeys(missing))} as well; a constant is written"
                f" {missing[0]}: {{value: ...}}",
                "columns",
            )
        return self


class Mapping(TableRule):
    """How the rows of a file become rows of canonical tables.

    Attributes:
        title: One line for people.
        also: Further rows that the same row of the file gives, where all their required columns are there.
        ignore: Source columns that are not kept. All others that nothing is made of are kept as `x_<name>`.
    """

    title: str = "mapped by a file"
    also: tuple[TableRule, ...] = ()
    ignore: tuple[str, ...] = ()

    def rules(self) -> Iterator[CellRule]:
        """Yield the rules of all tables."""
        for part in (self, *self.also):
            yield from part.columns.values()


def placeholders(template: str) -> Iterator[str]:
    """Yield the source columns that a template names."""
    for match in PLACEHOLDER.finditer(template):
        if match[1]:
            yield match[1]


def has_time(text: str) -> bool:
    """Return whether a format of times has more than a date."""
    return re.search(r"%[-_0]?[HIMSTRrXcklsf]", text) is not None


def parse(content: Any) -> Mapping:
    """Return the mapping that plain data describe.

    Raises:
        pydantic.ValidationError: They describe none.
    """
    return Mapping.model_validate(content)
