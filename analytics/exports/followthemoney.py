"""FollowTheMoney: entities for Aleph, OpenSanctions' tools and yente, where the model fits.

Assets are `UserAccount`, who paid for ads is a `LegalEntity`, and links between them are `UnknownLink`, since
the model has no administrators of Pages and no coordinated behaviour. The model knows no suspicion either:
the operation an asset belongs to is in its notes, and no topic is set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from analytics.exports.options import Options
from analytics.exports.parts import Part, parts
from analytics.files import written
from analytics.results import Results
from analytics.summary import platform_name


def export_followthemoney(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `entities.ftm.json`, one entity a line, and return its path.

    Raises:
        CibError: The folder cannot be written.
    """
    path = out_dir / "entities.ftm.json"
    with written(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        for part in parts(results):
            for entity in _entities(part):
                file.write(json.dumps(entity, ensure_ascii=False) + "\n")
    return [path]


def _entities(part: Part) -> Iterator[dict[str, Any]]:
    decided = f", {part.operation['decision']}" if part.operation["decision"] else ""
    for row in part.members.iter_rows(named=True):
        noun = "account" if row["kind"] == "account" else str(row["kind"]).capitalize()
        yield _entity(
            _id(row["key"]),
            "UserAccount",
            service=platform_name(row["platform"]),
            username=row["id"],
            name=row["name"],
            createdAt=row["created_at"] and f"{row['created_at']:%Y-%m-%dT%H:%M:%S}",
            sourceUrl=row["url"],
            summary=f"{platform_name(row['platform'])} {noun}",
            notes=f"Member of the suspected operation {part.id}{decided} ({row['role']}): {row['why']}",
        )
    yield from _coordinated(part)
    yield from _payers(part)


def _coordinated(part: Part) -> Iterator[dict[str, Any]]:
    pairs = (
        part.edges.group_by("source_key", "target_key")
        .agg(
            layers=pl.col("layer").unique().sort().str.join(", "),
            first=pl.col("first_at").min(),
            last=pl.col("last_at").max(),
        )
        .sort("source_key", "target_key")
    )
    for source, target, layers, first, last in pairs.iter_rows():
        yield _entity(
            _id(source, target),
            "UnknownLink",
            subject=_id(source),
            object=_id(target),
            role=f"coordinated ({layers})",
            startDate=first and f"{first:%Y-%m-%dT%H:%M:%S}",
            endDate=last and f"{last:%Y-%m-%dT%H:%M:%S}",
        )


def _payers(part: Part) -> Iterator[dict[str, Any]]:
    """Yield who paid for ads, and a link to each asset whose ads they paid for."""
    pages = part.members.select("platform", "key", page_id="id")
    paid = (
        part.ads.filter(pl.col("payer").is_not_null())
        .join(pages, on=["platform", "page_id"])
        .group_by("payer", "key")
        .agg(ads=pl.len())
        .sort("payer", "key")
    )
    for payer in paid["payer"].unique().sort().to_list():
        yield _entity(_id("payer", payer), "LegalEntity", name=payer)
    for payer, key, ads in paid.iter_rows():
        yield _entity(
            _id("payer", payer, key),
            "UnknownLink",
            subject=_id("payer", payer),
            object=_id(key),
            role="paid for ads of",
            summary=f"{ads:,} ad{'' if ads == 1 else 's'}",
        )


def _entity(entity: str, schema: str, **properties: str | None) -> dict[str, Any]:
    known = {name: [value] for name, value in properties.items() if value}
    return {"id": entity, "schema": schema, "properties": known}


def _id(*names: str) -> str:
    return "cib-" + hashlib.sha1("\n".join(names).encode(), usedforsecurity=False).hexdigest()
