"""STIX 2.1: one bundle an operation, for threat-intelligence platforms (OASIS, STIX Version 2.1).

An operation is a `campaign`; accounts are `user-account`; Pages and Groups are `channel`, the object that
OpenCTI adds for what publishes to an audience. Techniques are `attack-pattern` with DISARM's ids, the account
of the score is a `note`, an analyst's verdict an `opinion`, and a `report` holds all of it. There is never a
`threat-actor`: who is behind an operation is not computed. Ids are UUIDv5, so that the same operation has the
same ids in every export, and a platform updates what it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import stix2

from analytics.exports.disarm import VERSION
from analytics.exports.options import Options
from analytics.exports.parts import Part, id_of, parts, run_time
from analytics.files import written
from analytics.results import Results
from analytics.summary import platform_name

#: OpenCTI's extension, which has the type `channel`.
OPENCTI: Final = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"
#: Coordinated pairs of an operation that become relationships, strongest first; the report says of how many.
PAIRS: Final = 2_000
#: STIX knows the first Traffic Light Protocol, in which `clear` was called `white`.
_MARKINGS: Final = {
    "clear": stix2.TLP_WHITE,
    "green": stix2.TLP_GREEN,
    "amber": stix2.TLP_AMBER,
    "red": stix2.TLP_RED,
}
_OPINIONS: Final = {"confirmed": "strongly-agree", "dismissed": "strongly-disagree", "watch": "neutral"}


@stix2.CustomObject(
    "channel",
    [
        ("name", stix2.properties.StringProperty(required=True)),
        ("description", stix2.properties.StringProperty()),
        ("channel_types", stix2.properties.ListProperty(stix2.properties.StringProperty)),
    ],
    extension_name=OPENCTI,
)
class _Channel:
    """A Page or Group: OpenCTI's object for what publishes to an audience."""


#: The decorator makes another class of it, with a constructor that type checkers do not see.
Channel: Final[Any] = _Channel


def export_stix(results: Results, out_dir: Path, options: Options) -> list[Path]:
    """Write `stix/<operation>.json`, one bundle an operation, and return the paths.

    Raises:
        CibError: The folder cannot be written.
    """
    paths = []
    for part in parts(results):
        path = out_dir / "stix" / f"{part.file_stem}.json"
        with written(path) as partial:
            partial.write_text(_bundle(part, run_time(results), options), encoding="utf-8")
        paths.append(path)
    return paths


def _bundle(part: Part, at: str, options: Options) -> str:
    objects = [json.loads(one.serialize()) for one in _objects(part, at, options)]
    whole = {"type": "bundle", "id": f"bundle--{id_of('bundle', part.id, at)}", "objects": objects}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _objects(part: Part, at: str, options: Options) -> Iterator[Any]:
    """Yield everything that is said of one operation, each object after those it refers to."""
    marking = _MARKINGS[options.tlp]
    author = stix2.Identity(
        id=_id("identity", "cibgraph"),
        created="2019-04-01T00:00:00Z",
        modified="2019-04-01T00:00:00Z",
        name="cibgraph",
        identity_class="system",
        description="Finds coordinated inauthentic behaviour. It never says who is behind an operation.",
    )
    common = {
        "created": at,
        "modified": at,
        "created_by_ref": author.id,
        "object_marking_refs": [marking.id],
    }
    yield from (marking, author)
    campaign = _campaign(part, common)
    yield campaign
    assets = _assets(part, common)
    yield from assets.values()
    inside = [campaign, *assets.values()]
    for others in (
        _memberships(part, campaign, assets, common),
        _coordination(part, assets, common),
        _techniques(part, campaign, common),
        _judgements(part, campaign, common),
    ):
        for one in others:
            inside.append(one)
            yield one
    pairs = part.edges.select("source_key", "target_key").n_unique()
    yield stix2.Report(
        id=_id("report", part.id),
        **common,
        name=f"Suspected coordinated inauthentic behaviour: {part.id}",
        description=f"{part.details['summary']} Coordinated pairs: {min(pairs, PAIRS):,} of {pairs:,} are"
        " in this bundle.",
        report_types=["campaign"],
        published=at,
        object_refs=[one.id for one in inside],
    )


def _campaign(part: Part, common: dict[str, Any]) -> Any:
    first, last = part.operation["first_seen"], part.operation["last_seen"]
    return stix2.Campaign(
        id=_id("campaign", part.id),
        **common,
        name=part.id,
        description=part.details["summary"],
        **({"first_seen": first} if first else {}),
        **({"last_seen": last} if last else {}),
    )


def _assets(part: Part, common: dict[str, Any]) -> dict[str, Any]:
    """Return the object of each member, by key, in the order of keys."""
    found = {}
    for row in part.members.sort("key").iter_rows(named=True):
        links = (
            [stix2.ExternalReference(source_name=platform_name(row["platform"]), url=row["url"])]
            if row["url"]
            else []
        )
        if row["kind"] == "account":
            found[row["key"]] = stix2.UserAccount(
                user_id=row["id"],
                account_type=row["platform"],
                **({"display_name": row["name"]} if row["name"] else {}),
                **({"account_created": row["created_at"]} if row["created_at"] else {}),
                object_marking_refs=common["object_marking_refs"],
            )
        else:
            found[row["key"]] = Channel(
                id=_id("channel", row["key"]),
                **common,
                name=row["name"] or row["id"],
                channel_types=[f"{platform_name(row['platform'])} {row['kind'].capitalize()}"],
                external_references=[
                    stix2.ExternalReference(
                        source_name=platform_name(row["platform"]), external_id=row["id"]
                    ),
                    *links,
                ],
            )
    return found


def _memberships(part: Part, campaign: Any, assets: dict[str, Any], common: dict[str, Any]) -> Iterator[Any]:
    for row in part.members.sort("key").iter_rows(named=True):
        yield _relationship(
            # Accounts are observables; what a campaign uses are domain objects.
            "related-to" if row["kind"] == "account" else "uses",
            campaign.id,
            assets[row["key"]].id,
            f"{row['role']}: {row['why']}" if row["why"] else str(row["role"]),
            common,
            confidence=round(100 * row["confidence"]) if row["confidence"] is not None else None,
        )


def _coordination(part: Part, assets: dict[str, Any], common: dict[str, Any]) -> Iterator[Any]:
    told = pl.format(
        "{}: {} together, {} expected by chance, q {}",
        "layer",
        "weight",
        pl.col("expected").round_sig_figs(2),
        pl.col("q_value").round_sig_figs(2),
    )
    pairs = (
        part.edges.group_by("source_key", "target_key")
        .agg(
            told=told.sort_by("layer").str.join("; "),
            least=pl.col("q_value").min(),
            first=pl.col("first_at").min(),
            last=pl.col("last_at").max(),
        )
        .sort("least", "source_key", "target_key")
        .head(PAIRS)
    )
    for source, target, words, _, first, last in pairs.iter_rows():
        # What happens at one moment has no end after its start, which STIX asks for.
        span = {"start_time": first, "stop_time": last} if first and last and first < last else {}
        yield _relationship("related-to", assets[source].id, assets[target].id, words, common, **span)


def _techniques(part: Part, campaign: Any, common: dict[str, Any]) -> Iterator[Any]:
    for one in part.techniques:
        pattern = stix2.AttackPattern(
            id=_id("attack-pattern", "DISARM", one.id),
            **common,
            name=one.name,
            external_references=[
                stix2.ExternalReference(
                    source_name="DISARM", external_id=one.id, description=f"DISARM framework v{VERSION}"
                )
            ],
        )
        yield pattern
        told = "Told by: " + ", ".join(reason.replace("_", " ") for reason in one.reasons)
        yield _relationship("uses", campaign.id, pattern.id, told, common)


def _judgements(part: Part, campaign: Any, common: dict[str, Any]) -> Iterator[Any]:
    lines = [
        f"{bits:+.2f} bits: {why or signal.replace('_', ' ')}"
        for signal, bits, why in part.signals.select("signal", "bits", "why").iter_rows()
        if bits
    ]
    notice = [part.details["notice"]] if part.details["notice"] else []
    yield stix2.Note(
        id=_id("note", part.id, "why"),
        **common,
        abstract=f"Why {part.id} is suspected: {part.operation['score']:.2f} bits of evidence",
        content="\n".join(notice + lines) or "No signal is on record.",
        object_refs=[campaign.id],
    )
    if decision := part.operation["decision"]:
        latest = part.decisions.tail(1).to_dicts()
        told, by = (latest[0]["note"], latest[0]["by"]) if latest else (None, None)
        yield stix2.Opinion(
            id=_id("opinion", part.id),
            **common,
            opinion=_OPINIONS.get(decision, "neutral"),
            explanation=f"An analyst decided: {decision}.{f' {told}' if told else ''}",
            **({"authors": [by]} if by else {}),
            object_refs=[campaign.id],
        )


def _relationship(kind: str, source: str, target: str, told: str, common: dict[str, Any], **more: Any) -> Any:
    return stix2.Relationship(
        id=_id("relationship", kind, source, target),
        **common,
        relationship_type=kind,
        source_ref=source,
        target_ref=target,
        description=told,
        **{name: value for name, value in more.items() if value is not None},
    )


def _id(kind: str, *names: str) -> str:
    return f"{kind}--{id_of(kind, *names)}"
