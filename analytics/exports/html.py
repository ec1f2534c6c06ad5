"""The report: one HTML file that needs no network and shows nothing that it was not given.

Text from outside is escaped, links are defanged and none can be clicked. The content security policy allows
the report's own style sheet and scripts, by their hashes, and nothing else: whatever slipped into the page
could neither run nor ask for anything. Without scripts the report is whole; they search, sort, and draw a
network with cytoscape.js when somebody wants to walk through it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analytics.exports import wording
from analytics.exports.options import Options
from analytics.exports.report import MEMBERS_SHOWN, Card, cards, changes, index
from analytics.exports.timelines import BARS
from analytics.files import written
from analytics.results import Results
from analytics.summary import platform_name, spend_ranges

#: Operations that get a card, by rank.
CARDS_SHOWN: Final = 300
#: Characters that the networks to be explored may take together, by rank.
EXPLORED: Final = 12_000_000
#: Names of run settings that the head of the report shows.
_SEED: Final = "seed"
_SCRIPTS: Final = {
    "cytoscape": "vendor/cytoscape-3.34.4.min.js",
    "report": "templates/report.js",
    "explore": "templates/explore.js",
}


def export_html(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `report.html` into a folder and return its path.

    Raises:
        CibError: The file cannot be written.
    """
    path = out_dir / "report.html"
    with written(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_template().generate(**_context(results)))
    return [path]


def _context(results: Results) -> dict[str, Any]:
    css = _own("templates/report.css")
    scripts = {name: _own(place) for name, place in _SCRIPTS.items()}
    run = dict(results.run.iter_rows())
    told = index(results)
    shown = cards(results, CARDS_SHOWN)
    changed, by_status = changes(results)
    return {
        "css": css,
        "scripts": scripts,
        "csp": _policy(css, scripts.values()),
        "run": run,
        "seed": next((value for name, value in run.items() if name.split(".")[-1] == _SEED), None),
        "index": told,
        "states": sorted(
            {entry.operation[name] for entry in told for name in ("status", "decision")} - {None, ""}
        ),
        "cards": shown,
        "changed": changed,
        "by_status": by_status,
        "explored": _explored(shown),
        "most": max((float(entry.total) for entry in told), default=1.0) or 1.0,
        "assets": sum(entry.operation["assets"] or 0 for entry in told),
        "completeness": _completeness(shown),
        "members_shown": MEMBERS_SHOWN,
        "bars": BARS,
    }


def _own(place: str) -> Markup:
    """Return one of this package's own files, as it stands."""
    return Markup(files("analytics.exports").joinpath(place).read_text(encoding="utf-8"))  # noqa: S704


def _policy(css: str, scripts: Iterable[str]) -> str:
    """Return the content security policy (W3C CSP 3) under which nothing but these runs or is loaded."""
    known = " ".join(f"'sha256-{_digest(text)}'" for text in scripts)
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(css)}'; script-src {known}; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _explored(shown: list[Card]) -> list[Markup | None]:
    """Return the networks as JSON that no markup can end, as many as there is room for."""
    room = EXPLORED
    found: list[Markup | None] = []
    for card in shown:
        text = json.dumps(card.network.data, ensure_ascii=False, separators=(",", ":"))
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        room -= len(text)
        fits = room >= 0 and card.network.pairs > 0
        found.append(Markup(text) if fits else None)  # noqa: S704
    return found


def _completeness(operations: list[Card]) -> float | None:
    known = [
        (card.details["completeness"], card.operation["assets"] or 1)
        for card in operations
        if card.details["completeness"] is not None
    ]
    return sum(share * size for share, size in known) / sum(size for _, size in known) if known else None


def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("analytics.exports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "defang": wording.defang,
        "number": wording.number,
        "day": wording.day,
        "moment": wording.moment,
        "shorten": wording.shorten,
        "words": wording.words,
        "share": wording.share,
        "signed": wording.signed,
        "big": wording.big,
        "span": wording.span,
        "counted": wording.counted,
        "platform": platform_name,
        "spend": spend_ranges,
    }
    return environment.get_template("report.html.j2")
