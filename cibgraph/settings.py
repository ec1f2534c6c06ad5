"""Settings: declared once, with their defaults and their meaning; `settingsfile` reads them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from analytics.settings import DetectSettings, RankSettings
from cibgraph.formats import ExportFormat
from cypher.errors import UsageError
from ingest.limits import RejectLimit

#: What can be hashed: `ingest.pseudonyms.ALL`, which is not imported here, for it needs Polars.
Pseudonymised = Literal[
    "email", "phone", "ip", "device", "payment", "payer", "domain", "website_host", "analytics_tag"
]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _without_login(uri: str | None) -> str | None:
    if uri is not None and "@" in uri:
        raise PydanticCustomError("login", "a user and a password have no place in an address")
    return uri


def _empty_is_unset(value: object) -> object:
    return None if value == "" else value


#: TOML has no null: an empty text stands for 'not set'.
_Optional = Annotated[str | None, BeforeValidator(_empty_is_unset)]


class Neo4jSettings(_Section):
    """The Neo4j server to use; without a uri, cib runs one of its own in the workspace.

    The password is never written here: it is read from the environment variable NEO4J_PASSWORD.
    """

    uri: Annotated[_Optional, AfterValidator(_without_login)] = Field(
        default=None, description="Address of the server, e.g. bolt://localhost:7687 or neo4j+s://host."
    )
    username: str = Field(default="neo4j", description="User to log in as.")
    database: _Optional = Field(
        default=None, description="Database to use; the user's home database if not set."
    )


class InputSettings(_Section):
    """What `cib run` loads, and `cib load` when it is given no files."""

    paths: tuple[str, ...] = Field(
        default=(), description="Files and folders, relative to this file; `*` and `?` match any characters."
    )


def _limit(text: str) -> str:
    try:
        RejectLimit.parse(text)
    except UsageError:
        raise PydanticCustomError("limit", "it must be a number, as 1000, or a part, as 0.5%") from None
    return text


#: A number may be written without quotes.
_Limit = Annotated[str, BeforeValidator(lambda given: str(given) if type(given) is int else given),
                   AfterValidator(_limit)]  # fmt: skip


class LoadSettings(_Section):
    """How `cib load` and `cib run` take rejected rows, what they hide, and how they write the graph."""

    strict: bool = Field(default=False, description="Load nothing of a source of which a row is rejected.")
    max_rejects: _Limit = Field(
        default="",
        description="Load nothing of a source of which more rows are rejected: a number, or a part as 1%.",
    )
    bulk_rows: int = Field(
        default=250_000,
        ge=0,
        description="From so many rows on, the first load into cib's own server goes by neo4j-admin import; "
        "0: never.",
    )

    pseudonymise: tuple[Pseudonymised, ...] = Field(
        default=(),
        description="What is kept as keyed hashes only: email, phone, ip, device, payment, payer;"
        " also domain, website_host, analytics_tag.",
    )

    @property
    def limit(self) -> RejectLimit:
        """How many rows of a source may be rejected."""
        return RejectLimit(rows=0) if self.strict else RejectLimit.parse(self.max_rejects)


class ExportSettings(_Section):
    """What `cib run` and `cib export` write."""

    formats: tuple[ExportFormat, ...] = Field(
        default=("csv", "xlsx", "html"), min_length=1, description="Formats to write."
    )
    out: str = Field(default="results", description="Folder to write to, relative to this file.")
    tlp: Literal["clear", "green", "amber", "red"] = Field(
        default="amber", description="Traffic Light Protocol marking of what is made for sharing."
    )
    bom: bool = Field(
        default=False, description="Begin CSV files with a byte-order mark, as Excel wants them."
    )
    links: Literal["defanged", "plain"] = Field(
        default="defanged", description="How the workbook shows links: made harmless, or as found."
    )
    redact: bool = Field(
        default=False, description="Write keyed hashes for ids, and no names, texts or profile addresses."
    )


class Settings(_Section):
    """All settings of a workspace."""

    neo4j: Neo4jSettings = Field(default_factory=lambda: Neo4jSettings.model_validate({}))
    inputs: InputSettings = Field(default_factory=lambda: InputSettings.model_validate({}))
    load: LoadSettings = Field(default_factory=lambda: LoadSettings.model_validate({}))
    detect: DetectSettings = Field(default_factory=lambda: DetectSettings.model_validate({}))
    rank: RankSettings = Field(default_factory=lambda: RankSettings.model_validate({}))
    export: ExportSettings = Field(default_factory=lambda: ExportSettings.model_validate({}))
