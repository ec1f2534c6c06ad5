"""The report: one HTML file that needs no network, runs no script and shows nothing that it was not given.

Text from outside is escaped, links are defanged and none can be clicked. The content security policy allows
the report's own style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analytics.exports import wording
from analytics.exports.networks import EDGES_DRAWN
from analytics.exports.options import Options
from analytics.exports.report import MEMBERS_SHOWN, Card, cards
from analytics.files import written
from analytics.results import Results
from analytics.summary import platform_name, spend_ranges

#: Names of run settings that the head of the report shows.
_SEED: Final = "seed"


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
    css = files("analytics.exports").joinpath("templates/report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    run = dict(results.run.iter_rows())
    operations = cards(results)
    return {
        "css": Markup(css),  # noqa: S704 - this package's own file
        "csp": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        "run": run,
        "seed": next((value for name, value in run.items() if name.split(".")[-1] == _SEED), None),
        "cards": operations,
        "most": max((float(card.sum.total) for card in operations), default=1.0) or 1.0,
        "assets": sum(card.operation["assets"] or 0 for card in operations),
        "completeness": _completeness(operations),
        "edges_drawn": EDGES_DRAWN,
        "members_shown": MEMBERS_SHOWN,
    }


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
