"""MISP: one event an operation, with the objects that MISP has for Facebook and Instagram.

Needs `pymisp` (the extra `misp`), whose object templates decide which fields there are; nothing is sent.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analytics.exports.disarm import VERSION
from analytics.exports.options import Options
from analytics.exports.parts import Part, id_of, parts, run_time
from analytics.files import written
from analytics.results import Results
from cypher.errors import UsageError

if TYPE_CHECKING:
    from pymisp import MISPEvent, MISPObject

#: Template and its fields for id and name, by platform and kind; all other accounts are `user-account`.
_TEMPLATES: Final = {
    ("facebook", "account"): ("facebook-account", "account-id", "account-name"),
    ("facebook", "page"): ("facebook-page", "page-id", "page-name"),
    ("facebook", "group"): ("facebook-group", "id", "group-name"),
    ("instagram", "account"): ("instagram-account", "account-id", "account-name"),
}
_OTHER: Final = ("user-account", "user-id", "display-name")
#: Of MISP: your organisation only; medium; completed analysis only where somebody decided.
_DISTRIBUTION, _THREAT_LEVEL = 0, 2


def export_misp(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `misp/<operation>.json`, one event an operation, and return the paths.

    Raises:
        UsageError: pymisp is not installed.
        CibError: The folder cannot be written.
    """
    try:
        import pymisp  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "the format misp needs the package pymisp", 'Run: pip install "cibgraph[misp]"'
        ) from error
    paths = []
    for part in parts(results):
        path = out_dir / "misp" / f"{part.file_stem}.json"
        with written(path) as partial:
            partial.write_text(_event(part, run_time(results), options).to_json(indent=1), encoding="utf-8")
        paths.append(path)
    return paths


def _event(part: Part, at: str, options: Options) -> MISPEvent:
    from pymisp import MISPEvent

    moment = dt.datetime.fromisoformat(at)
    event = MISPEvent()
    event.uuid = str(id_of("misp-event", part.id))
    event.info = f"Suspected coordinated inauthentic behaviour: {part.id}. {part.details['summary']}"
    event.date = moment.date()
    event.timestamp = moment
    event.distribution = _DISTRIBUTION
    event.threat_level_id = _THREAT_LEVEL
    event.analysis = 2 if part.operation["decision"] in ("confirmed", "dismissed") else 1
    event.add_tag(f"tlp:{options.tlp}")
    for one in part.techniques:
        event.add_tag(f'misp-galaxy:disarm-techniques="{one.name}"')
    reasons = [f"{bits:+.2f} bits: {why or signal}" for signal, bits, why in _reasons(part)]
    _add(event, "comment", "Score", f"{part.operation['score']:.2f} bits", moment, part)
    if notice := part.details["notice"]:
        _add(event, "comment", "Note", notice, moment, part)
    for line in reasons:
        _add(event, "comment", "Why", line, moment, part)
    _add(event, "comment", "Techniques", f"DISARM v{VERSION}: {_ids(part) or 'none'}", moment, part)
    for row in part.members.sort("key").iter_rows(named=True):
        event.add_object(_object(row, moment, part))
    return event


def _reasons(part: Part) -> list[tuple[str, float, str]]:
    return [row for row in part.signals.select("signal", "bits", "why").iter_rows() if row[1]]


def _ids(part: Part) -> str:
    return ", ".join(one.id for one in part.techniques)


def _add(event: MISPEvent, kind: str, what: str, value: str, at: dt.datetime, part: Part) -> None:
    event.add_attribute(
        kind,
        value,
        category="Other",
        comment=what,
        to_ids=False,
        timestamp=at,
        uuid=str(id_of("misp-attribute", part.id, what, value)),
    )


def _object(row: dict[str, Any], at: dt.datetime, part: Part) -> MISPObject:
    from pymisp import MISPObject

    template, id_field, name_field = _TEMPLATES.get((row["platform"], row["kind"]), _OTHER)
    made = MISPObject(template, strict=True)
    made.uuid = str(id_of("misp-object", part.id, row["key"]))
    made.timestamp = at
    made.comment = f"{row['role']}: {row['why']}" if row["why"] else str(row["role"])
    fields = {
        id_field: row["id"],
        name_field: row["name"] or row["id"],
        "link": row["url"],
        **({"account-type": row["platform"]} if template == "user-account" else {}),
    }
    for field, value in fields.items():
        if value:
            made.add_attribute(
                field,
                value=value,
                timestamp=at,
                to_ids=False,
                uuid=str(id_of("misp-attribute", part.id, row["key"], field)),
            )
    return made
