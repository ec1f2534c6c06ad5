"""Sources loaded, corrected, cut short, taken back: the graph is what a plain model of the rules says."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cypher.auditing import audit
from cypher.session import Graph
from ingest import resolving
from ingest.loader import Places, load, remove
from ingest.reading import source_id
from ingest.sources import find_sources

pytestmark = pytest.mark.server

Row = dict[str, str]
#: The files of the game, and the columns that tell the rows of their tables apart.
FILES = {
    "a/accounts": ("id",),
    "b/accounts": ("id",),
    "a/pages": ("id",),
    "a/page_history": ("page_id", "event", "at", "name"),
    "b/page_history": ("page_id", "event", "at", "name"),
    "a/page_admin_countries": ("page_id", "country"),
    "b/page_admin_countries": ("page_id", "country"),
    "a/admins": ("account_id", "asset_kind", "asset_id"),
    "b/admins": ("account_id", "asset_kind", "asset_id"),
    "a/links": ("source_kind", "source_id", "target_kind", "target_id", "type"),
    "b/links": ("source_kind", "source_id", "target_kind", "target_id", "type"),
    "a/identifiers": ("asset_kind", "asset_id", "kind", "value"),
    "b/identifiers": ("asset_kind", "asset_id", "kind", "value"),
    "a/ads": ("id",),
    "b/ads": ("id",),
}
YEARS = [f"{year}-01-01T00:00:00Z" for year in (2015, 2016, 2017)]
ids = st.sampled_from(["1", "2"])


def maybe(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *values])


COLUMNS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "accounts": {"id": ids, "name": maybe("N", "M"), "created_at": maybe("2015-01-01", *YEARS),
                 "followers": maybe("1", "2"), "mood": maybe("odd")},
    "pages": {"id": ids, "name": maybe("P", "Q")},
    "page_history": {"page_id": ids, "event": st.sampled_from(["created", "renamed"]),
                     "at": st.sampled_from(YEARS), "name": maybe("P", "Q")},
    "page_admin_countries": {"page_id": ids, "country": st.sampled_from(["PK", "IN"]),
                             "count": st.sampled_from(["1", "2"])},
    "admins": {"account_id": ids, "asset_kind": st.sampled_from(["page", "group"]), "asset_id": ids,
               "role": maybe("admin", "editor"), "since": maybe(*YEARS), "until": maybe(YEARS[-1])},
    "links": {"source_kind": st.just("account"), "source_id": ids, "target_kind": st.just("account"),
              "target_id": ids, "type": st.sampled_from(["friend", "follows"]), "at": maybe(*YEARS)},
    "identifiers": {"asset_kind": st.just("account"), "asset_id": ids,
                    "kind": st.sampled_from(["email", "device"]), "value": st.sampled_from(["A", "a", "b"]),
                    "first_seen": maybe(*YEARS), "last_seen": maybe(YEARS[0])},
    "ads": {"id": ids, "page_id": st.sampled_from(["1", "2", "unknown/x"]), "payer": maybe("P", " p", "Q"),
            "currency": st.sampled_from(["USD", "EUR"]), "spend_lower": maybe("5", "20"),
            "spend_upper": maybe("20"), "text": maybe("a text that is long enough to be compared")},
}  # fmt: skip


def table(file: str) -> str:
    return file.split("/")[1]


def rows_of(file: str) -> st.SearchStrategy[list[Row]]:
    def valid(row: Row) -> bool:
        return not (row.get("first_seen", "") > row.get("last_seen", "") > "")

    key = FILES[file]
    rows = st.fixed_dictionaries(COLUMNS[table(file)]).filter(valid)
    return st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: tuple(row[name] for name in key))


put = st.sampled_from(sorted(FILES)).flatmap(lambda file: st.tuples(st.just(file), rows_of(file)))
steps = st.lists(
    st.tuples(st.just("load"), st.lists(put, min_size=3, max_size=9))
    | st.tuples(st.just("load"), st.lists(put, min_size=1, max_size=3))
    | st.tuples(st.just("remove"), st.sampled_from(sorted(FILES)))
    | st.tuples(st.just("cut"), st.integers(0, 40))
    | st.just(("lose", None)),
    min_size=4,
    max_size=7,
)


def compact(props: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if value not in (None, "", [])}


@dataclass
class Model:
    """What each file says, in the order in which it was loaded last, and the graph that follows from it."""

    said: dict[str, list[Row]] = field(default_factory=dict)

    def load(self, file: str, rows: list[Row]) -> None:
        if self.said.get(file) != rows:
            self.said.pop(file, None)
            self.said[file] = rows

    def rows(self, name: str) -> Iterator[tuple[str, Row]]:
        for file, rows in self.said.items():
            if table(file) == name:
                yield from ((file, row) for row in rows)

    def graph(self) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
        """Return nodes, ties, and what each source says otherwise."""
        asset: dict[str, dict[str, dict[str, Any]]] = {}  # key, source, its own values

        def name(source: str, kind: str, number: str, **values: Any) -> str:
            key = f"facebook:{kind}:{number}"
            says = asset.setdefault(key, {}).setdefault(source, {})
            says |= values
            return key

        ties: dict[Any, dict[str, Any]] = {}

        def tie(
            source: str, start: str, type_: str, end: str, low: str = "", high: str = "", **values: Any
        ) -> None:
            props = ties.setdefault((start, type_, end), {"sources": set()})
            props["sources"].add(source)
            new = compact(values)
            if low and {**props, **new}.get(low, "") > {**props, **new}.get(high, "9"):
                props.pop(low, None), props.pop(high, None)
            props |= new

        for kind in ("account", "page"):
            for file, row in self.rows(f"{kind}s"):
                values = {("x_mood" if c == "mood" else c): v for c, v in row.items() if c != "id"}
                if values.get("created_at") == "2015-01-01":
                    values |= {"created_at": YEARS[0], "x_date_only": "created_at"}
                name(file, kind, row["id"], **values)
        for file, row in self.rows("admins"):
            ends = name(file, "account", row["account_id"]), name(file, row["asset_kind"], row["asset_id"])
            values = {c: row[c] for c in ("role", "since", "until")}
            tie(file, ends[0], "ADMINISTERS", ends[1], "since", "until", **values)
        for file, row in self.rows("links"):
            start, end = (name(file, "account", row[c]) for c in ("source_id", "target_id"))
            if row["type"] == "friend":
                start, end = sorted((start, end))
            tie(file, start, {"friend": "FRIEND", "follows": "FOLLOWS"}[row["type"]], end, at=row["at"])
        for file, row in self.rows("identifiers"):
            value = row["value"].lower() if row["kind"] == "email" else row["value"]
            asset_key = name(file, "account", row["asset_id"])
            seen = {c: row[c] for c in ("first_seen", "last_seen")}
            tie(file, asset_key, "USES", f"{row['kind']}:{value}", "first_seen", "last_seen", **seen)
        history: dict[str, set[tuple[str, str, str]]] = {}
        for file, row in self.rows("page_history"):
            events = history.setdefault(name(file, "page", row["page_id"]), set())
            events.add((row["at"], row["event"], row["name"]))
        countries: dict[str, dict[str, int]] = {}
        for file, row in self.rows("page_admin_countries"):
            counts = countries.setdefault(name(file, "page", row["page_id"]), {})
            counts[row["country"]] = int(row["count"])
        ads: dict[str, dict[str, dict[str, Any]]] = {}
        names: dict[tuple[str, str], tuple[str, str]] = {}
        runs: dict[str, str | None] = {}
        for file, row in self.rows("ads"):
            ads.setdefault(f"facebook:ad:{row['id']}", {})[file] = dict(row)
            unknown = row["page_id"].startswith("unknown/")
            runs[f"facebook:ad:{row['id']}"] = None if unknown else name(file, "page", row["page_id"])
            if payer := row["payer"].strip():
                names[f"facebook:ad:{row['id']}", "payer"] = payer, f"payer:{payer.lower()}"
        nodes: dict[str, dict[str, Any]] = {}
        told: dict[Any, dict[str, Any]] = {}
        for key, sources in {**asset, **ads}.items():
            props: dict[str, Any] = {}
            for says in sources.values():
                new = compact({c: v.strip() for c, v in says.items()})
                if new.get("created_at") and props.get("x_date_only"):
                    del props["x_date_only"]
                if new.get("spend_lower") or new.get("spend_upper"):
                    props = {c: v for c, v in props.items() if not c.startswith("spend_")}
                elif props.get("spend_lower") or props.get("spend_upper"):
                    new.pop("currency", None)
                props |= new
            for source, says in sources.items():
                own = compact({c: v.strip() for c, v in says.items()})
                told[key, source] = {c: v for c, v in own.items() if props.get(c) != v}
            platform, kind, number = key.split(":", 2)
            fixed = {"platform": platform, "id": number} | ({} if kind == "ad" else {"kind": kind})
            nodes[key] = {**props, **fixed}
            if kind == "ad" and "text" in props:
                nodes[key]["text_fingerprint"] = props["text"]
        for key, events in history.items():
            nodes[key]["history"] = sorted(events)
        for key, counts in countries.items():
            nodes[key]["countries"] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for key, runner in runs.items():
            for source, says in ads[key].items():
                if runner and runner == f"facebook:page:{says['page_id']}":
                    tie(source, runner, "RAN", key)
        for (key, _), (_, payer) in names.items():
            for source, says in ads[key].items():
                if payer == f"payer:{says['payer'].strip().lower()}":
                    tie(source, key, "PAID_FOR_BY", payer)
        # The rows that decide who paid are in the order of the files; the last of them has the payer's name.
        for file, row in self.rows("ads"):
            name_, payer = names.get((f"facebook:ad:{row['id']}", "payer"), ("", ""))
            newest = [f for f, r in self.rows("ads") if r["id"] == row["id"] and r["payer"]][-1:]
            if payer and newest == [file]:
                nodes[payer] = {"name": name_}
        for _, type_, end in list(ties):
            if type_ == "USES":
                nodes[end] = dict(zip(("kind", "value"), end.split(":"), strict=True))
        ids = {key: {**props, "sources": sorted(props["sources"])} for key, props in ties.items()}
        return nodes, ids, told


def read(graph: Graph, files: dict[str, str]) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """Return the same of the real graph."""

    def text(value: Any) -> Any:
        if hasattr(value, "iso_format"):
            return value.to_native().strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(value, list):
            return [text(item) for item in value]
        return value if isinstance(value, str) else str(value).removesuffix(".0")

    run = graph.driver.execute_query
    nodes = {}
    for row in run("MATCH (n:Asset|Ad|Payer|Identifier) RETURN properties(n) AS p").records:
        props = {name: text(value) for name, value in row["p"].items()}
        if "history_at" in props:
            lists = [props.pop(f"history_{name}") for name in ("at", "events", "names")]
            props["history"] = list(zip(*lists, strict=True))
        if "admin_countries" in props:
            counts = [int(count) for count in props.pop("admin_country_counts")]
            props["countries"] = list(zip(props.pop("admin_countries"), counts, strict=True))
        nodes[props.pop("key")] = props
    ties, told = {}, {}
    between = run(
        "MATCH (a)-[r]->(b) RETURN a.key AS a, type(r) AS t, coalesce(b.key, b.id) AS b, properties(r) AS p"
    )
    for row in between.records:
        props = {name: text(value) for name, value in row["p"].items() if name != "as"}
        if row["t"] == "LOADED_FROM":
            told[row["a"], files[row["b"]]] = props
        else:
            props["sources"] = [files[source] for source in props["sources"]]
            assert (row["a"], row["t"], row["b"]) not in ties
            ties[row["a"], row["t"], row["b"]] = {**props, "sources": sorted(props["sources"])}
    return nodes, ties, told


class Stop(BaseException):
    """As if the process were gone."""


class Dying(Graph):
    """A graph to which only so many batches are written."""

    def __init__(self, graph: Graph, left: int) -> None:
        super().__init__(lambda: (graph.driver, graph.address))
        self._left = left

    def write_rows(self, *args: Any, **parameters: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Stop
        done = super().write_rows(*args, **parameters)
        # Written, but nobody has heard of it.
        if self._left == 0:
            raise Stop
        return done


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
    database=None,
    phases=[Phase.generate],
)
@given(steps)
def test_the_graph_is_what_the_sources_say(graph: Graph, steps: list[tuple[str, Any]]) -> None:
    graph.driver.execute_query("MATCH (n:!Migration&!DisposableByTests) DETACH DELETE n")
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        # Whatever is done batch by batch meets the bounds of batches.
        patch.setattr(resolving, "BATCH", 3)
        folder = Path(name)
        places = Places(folder / "sources", folder / "actions", folder / "rejected")
        paths = {file: folder / "data" / f"{file}.csv" for file in FILES}
        files = {source_id(path): file for file, path in paths.items()}
        model, cut = Model(), None
        for step, argument in steps:
            if step == "cut":
                cut = cast("int", argument)
                continue
            if step == "lose":
                graph.driver.execute_query("MATCH (n:!Migration&!DisposableByTests) DETACH DELETE n")
                continue
            door = graph if cut is None else Dying(graph, cut)
            if step == "load":
                chosen: dict[str, list[Row]] = dict(argument)
                for file, rows in chosen.items():
                    write(paths[file], rows)
                try:
                    load([paths[file] for file in chosen], graph=door, places=places, run="RUN-1")
                    stopped = False
                except Stop:
                    stopped = True
                for file in load_order(paths, chosen):
                    model.load(file, chosen[file])
            elif argument in model.said:
                try:
                    remove([str(paths[argument])], graph=door, places=places, run="RUN-2")
                    stopped = False
                except Stop:
                    stopped = True
                del model.said[argument]
            else:
                continue
            cut = None
            if stopped:
                continue
            expected = model.graph()
            found = read(graph, files)
            for want, have in zip(expected, found, strict=True):
                wrong = {k: (have.get(k), want.get(k)) for k in have | want if have.get(k) != want.get(k)}
                assert wrong == {}, "found and expected"
            assert audit(graph) == []


def load_order(paths: dict[str, Path], chosen: dict[str, list[Row]]) -> list[str]:
    by_path = {path: file for file, path in paths.items()}
    return [by_path[source.path] for source in find_sources([paths[file] for file in chosen]).sources]


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
