from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cypher.auditing import audit
from cypher.connection import ServerAddress
from cypher.errors import CibError, UsageError
from cypher.session import Graph
from ingest import loader, normalise
from ingest.loader import Places, load, remove
from ingest.report import LoadReport, SourceReport

pytestmark = pytest.mark.server
SHARED = Path(os.environ.get("CIB_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not beside the checkout")


class Workspace:
    """A folder to load in, and a graph to load into."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self.graph, self.actions, self.rejected = graph, folder / "actions", folder / "rejected"
        self.places = Places(folder / "sources", self.actions, self.rejected)
        self.data = folder / "data"
        self.data.mkdir()

    def write(self, name: str, text: str) -> Path:
        path = self.data / name
        path.write_text(text)
        return path

    def load(self, *paths: Path, profile: str | None = None) -> LoadReport:
        return load(
            paths or (self.data,),
            graph=self.graph,
            places=self.places,
            run="RUN-1",
            profile=profile,
        )

    def one(self, *paths: Path) -> SourceReport:
        (report,) = self.load(*paths).sources
        for table in (*report.tables, report):
            assert table.rows_in == table.loaded + table.merged + table.rejected
        return report

    def ask(self, query: str) -> list[list[object]]:
        return [list(row.values()) for row in self.graph.driver.execute_query(query).records]

    def actions_of(self, source: str) -> pl.DataFrame:
        log = pl.read_parquet(self.actions / f"actions-{source}.parquet")
        return log.filter(pl.col("kind") != "domain").sort("kind", "object", "at", "actor", "post")

    def everything(self) -> list[list[object]]:
        return self.ask(
            "MATCH (n:Asset|Ad|Payer) WITH labels(n) AS l, properties(n) AS p ORDER BY p.key RETURN l, p"
        ) + self.ask(
            "MATCH (a)-[r]->(b) WITH type(r) AS t, a.key AS a, coalesce(b.key, b.id) AS b, properties(r) AS p"
            " RETURN t, a, b, p ORDER BY t, a, b"
        )

    def where(self) -> dict[str, Any]:
        return {"graph": self.graph, "places": self.places, "run": "RUN-1"}


@pytest.fixture
def workspace(graph: Graph, tmp_path: Path) -> Workspace:
    return Workspace(graph, tmp_path)


POSTS = (
    "id,author_kind,author_id,surface_kind,surface_id,created_at,text,urls,repost_of\n"
    '1,page,10,,,2019-04-01T12:00:00Z,"Read this story about the city #News",https://a.com/x?utm_source=q,\n'
    "2,account,11,group,12,1554120000,,http://www.a.com/x|https://b.com,\n"
    "3,account,11,,,2019-04-01T12:00:05Z,shared,,1\n"
    "4,account,11,,,2019-04-01,a text that is long enough to count,,\n"
    "5,account,,,,2019-04-01T12:00:00Z,no author,,\n"
    "2,account,11,group,12,1554120001,,http://www.a.com/x,\n"
)


def test_posts_become_actions_and_bare_assets(workspace: Workspace) -> None:
    report = workspace.one(workspace.write("posts.csv", POSTS))
    assert (report.rows_in, report.loaded, report.merged, report.rejected) == (6, 4, 1, 1)
    assert any("without a time" in note for note in report.notes)
    actions = workspace.actions_of(report.source)
    assert actions.select("kind", "actor", "post").rows() == [
        ("hashtag", "facebook:page:10", "facebook:post:1"),
        ("repost", "facebook:account:11", "facebook:post:3"),
        ("text", "facebook:page:10", "facebook:post:1"),
        ("url", "facebook:page:10", "facebook:post:1"),
        ("url", "facebook:account:11", "facebook:post:2"),
    ]
    assert actions["object"].to_list()[:2] == ["news", "facebook:post:1"]
    assert actions["object"].to_list()[3:] == ["https://a.com/x"] * 2
    assert actions["at"].to_list()[4] == dt.datetime(2019, 4, 1, 12, 0, 1, tzinfo=dt.UTC)
    posts = pl.read_parquet(workspace.actions / f"posts-{report.source}.parquet").sort("post")
    assert posts["post"].to_list() == [f"facebook:post:{number}" for number in (1, 2, 3, 4)]
    assert posts["surface"].to_list() == [None, "facebook:group:12", None, None]
    assert workspace.ask("MATCH (a:Asset) RETURN a.key ORDER BY a.key") == [
        ["facebook:account:11"], ["facebook:group:12"], ["facebook:page:10"],
    ]  # fmt: skip
    assert report.rejected_file is not None
    assert json.loads(report.rejected_file.read_text()) == {
        "file": str(workspace.data / "posts.csv"),
        "table": "posts",
        "line": 6,
        "column": "author_id",
        "value": None,
        "reason": "is required but empty",
    }


def test_loading_twice_changes_nothing_and_a_corrected_file_replaces(workspace: Workspace) -> None:
    path = workspace.write("posts.csv", POSTS)
    first = workspace.one(path)
    before, log = workspace.everything(), workspace.actions_of(first.source)
    again = workspace.one(path)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.tables == first.tables
    assert workspace.everything() == before
    (workspace.actions / f"actions-{first.source}.parquet").unlink()
    assert not workspace.one(path).unchanged
    assert workspace.actions_of(first.source).equals(log)
    mended = workspace.one(workspace.write("posts.csv", POSTS.replace("5,account,,", "5,account,13,")))
    assert (mended.source, mended.unchanged, mended.rejected) == (first.source, False, 0)
    assert mended.rejected_file is None
    assert not list(workspace.rejected.glob("*"))


def test_a_file_that_was_never_taken_in_changes_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace.write("posts.csv", POSTS)
    first = workspace.one(path)
    before, log = workspace.everything(), workspace.actions_of(first.source)
    workspace.write("posts.csv", POSTS + "9,account,99,,,2019-04-01T12:00:00Z,,,\n")

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loader, "write_log", stop)
        with pytest.raises(KeyboardInterrupt):
            workspace.load(path)
    workspace.write("posts.csv", POSTS)
    assert workspace.one(path).unchanged
    assert workspace.everything() == before
    assert workspace.actions_of(first.source).equals(log)
    assert [file.name for file in workspace.places.sources.iterdir()] == [first.source]


FILES = {
    "accounts.csv": ("id,name\n1,A\n2,B\n3,C\n", "id,name,handle\n1,A,h\n2,X,\n"),
    "admins.csv": (
        "account_id,asset_kind,asset_id,role\n1,page,9,admin\n2,page,9,editor\n3,page,8,admin\n",
        "account_id,asset_kind,asset_id,role\n1,page,9,editor\n4,group,7,admin\n",
    ),
    "ads.csv": (
        "id,page_id,payer,text\n1,9,P,a text that is long enough to count\n2,8,Q,\n",
        "id,page_id,payer,text\n1,7,Q,another text that is long enough\n",
    ),
    "posts.csv": (POSTS, POSTS.replace("News", "Old").replace("account,11", "account,5")),
}
#: A load in a process of its own, which dies when it tells of a stage.
KILLED = """
import os, signal, sys
from pathlib import Path
from cypher.connection import ServerAddress
from cypher.session import Graph
from ingest.loader import Places, load, remove
folder, stage, *address = sys.argv[1:]
def progress(told, done, total):
    if told == stage:
        os.kill(os.getpid(), signal.SIGKILL)
folder = Path(folder)
places = Places(*(folder / name for name in ("sources", "actions", "rejected")))
with Graph.connect(ServerAddress(*address)) as graph:
    load([folder / "data"], graph=graph, places=places, run="RUN-1", progress=progress)
"""


def test_a_load_killed_anywhere_is_ended_by_the_next_without_doing_things_twice(
    workspace: Workspace, server_address: ServerAddress
) -> None:
    def write(which: int) -> None:
        for name, versions in FILES.items():
            workspace.write(name, versions[which])

    def state() -> tuple[object, ...]:
        kept = {
            # The numbers of versions depend on what was loaded before; what is in them does not.
            (file.parent.parent.name, file.name): pl.read_parquet(file).sort(pl.all()).rows()
            for file in workspace.places.sources.rglob("*.parquet")
        }
        logs = {file.name: pl.read_parquet(file).rows() for file in workspace.actions.iterdir()}
        sources = "MATCH (s:Source) RETURN s {.*, loaded_at: null, sequence: null} ORDER BY s.id"
        return kept, logs, workspace.ask(sources), workspace.everything()

    write(0)
    workspace.load()
    write(1)
    workspace.load()
    whole = state()
    database = [server_address.database] if server_address.database else []
    address = [server_address.uri, server_address.username, server_address.password, *database]
    for stage in (
        "read admins.csv",
        "action log",
        "graph: Account",
        "graph: ADMINISTERS",
        "graph: PAID_FOR_BY",
    ):
        write(0)
        workspace.load()
        assert state() != whole
        write(1)
        arguments = [str(workspace.data.parent), stage, *address]
        killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
        assert killed.returncode == -signal.SIGKILL
        told: list[str] = []
        report = load(
            [workspace.data], graph=workspace.graph, places=workspace.places, run="RUN-1",
            progress=lambda stage, _done, _total, told=told: told.append(stage),
        )  # fmt: skip
        assert state() == whole
        assert not any(source.unchanged for source in report.sources)
        if stage.startswith("graph: "):
            assert not [again for again in told if not again.startswith("graph: ")]
        if stage == "graph: PAID_FOR_BY":
            assert set(told) <= {stage}
    assert all(source.unchanged for source in workspace.load().sources)


def test_a_graph_that_was_lost_is_written_again_from_the_store(workspace: Workspace) -> None:
    for name, versions in FILES.items():
        workspace.write(name, versions[0])
    workspace.load()
    before = workspace.everything()
    workspace.ask("MATCH (n:Asset|Ad|Payer|Source) DETACH DELETE n")
    for name in FILES:
        (workspace.data / name).unlink()
    workspace.load(workspace.write("groups.csv", "id\n77\n"))
    assert [row for row in before if row not in workspace.everything()] == []


def test_sources_are_taken_back_by_id_and_path(workspace: Workspace) -> None:
    for name, versions in FILES.items():
        workspace.write(name, versions[0])
    only = workspace.load(workspace.data / "accounts.csv").sources[0]
    before = workspace.everything()
    sources = {source.path.name: source for source in workspace.load().sources}
    (workspace.data / "posts.csv").unlink()  # a file need not be there any more
    names = [sources["admins.csv"].source, str(workspace.data / "ads.csv"), str(workspace.data / "posts.csv")]
    with pytest.raises(UsageError, match="no source that was loaded") as caught:
        remove([*names, "SRC-000000000000"], **workspace.where())
    assert only.source in caught.value.hint
    actions = pl.read_parquet(workspace.actions / f"actions-{sources['posts.csv'].source}.parquet").height
    report = remove(names, **workspace.where())
    assert set(report.sources) == {sources[name].source for name in FILES if name != "accounts.csv"}
    # Pages 8, 9 and 10, account 11, group 12, two ads, two payers.
    assert (report.nodes, report.posts, report.actions) == (9, 4, actions)
    assert workspace.everything() == before
    assert workspace.ask("MATCH (s:Source) RETURN s.id") == [[only.source]]
    assert [*workspace.actions.iterdir(), *workspace.rejected.iterdir()] == []
    assert [folder.name for folder in workspace.places.sources.iterdir()] == [only.source]
    again = workspace.one(workspace.data / "admins.csv")
    assert (again.unchanged, again.source) == (False, sources["admins.csv"].source)


def test_a_zip_and_a_folder_are_taken_back_with_all_they_hold(workspace: Workspace) -> None:
    archive = workspace.data / "export.zip"
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("a/accounts.csv", "id,name\n1,In the ZIP\n")
        members.writestr("pages.csv", "id,name\n2,In the ZIP\n")
    (inside := workspace.data / "exports").mkdir()
    (inside / "accounts.csv").write_text("id,name\n3,In the folder\n")
    workspace.write("export.csv", "id,name,handle\n4,Beside,b\n").rename(workspace.data / "accounts.csv")
    assert len(workspace.load().sources) == 4
    archive.unlink()
    assert len(remove([str(archive)], **workspace.where()).sources) == 2
    assert len(remove([str(inside)], **workspace.where()).sources) == 1
    assert workspace.ask("MATCH (n:Asset) RETURN n.id") == [["4"]]
    assert len(remove([str(workspace.data)], **workspace.where()).sources) == 1
    assert workspace.ask("MATCH (n:Asset|Source) RETURN n") == []


def test_a_folder_in_three_formats_with_strangers_and_truth(workspace: Workspace) -> None:
    workspace.write("admins.csv", "account_id,asset_kind,asset_id,role\n007,page,9007199254740993,admin\n")
    workspace.write("pages.ndjson", '{"id":9007199254740993,"name":"=cmd()","mood":"odd"}\n')
    pl.DataFrame({"id": ["007"], "followers": [5]}).write_parquet(workspace.data / "accounts.parquet")
    workspace.write("truth.csv", "operation,platform,kind,id\nA,facebook,page,9007199254740993\n")
    workspace.write("other.csv", "a,b\n1,2\n")
    workspace.write("README.md", "hello")
    workspace.write("members.csv", "account_id,group_id\n")
    report = workspace.load()
    assert [source.path.name for source in report.sources] == [
        "accounts.parquet", "pages.ndjson", "admins.csv", "members.csv",
    ]  # fmt: skip
    assert report.sources[3].notes == ["has a header and no rows"]
    assert report.totals() == {"rows_in": 3, "loaded": 3, "merged": 0, "rejected": 0}
    told = " ".join(report.notes)
    assert "truth.csv: for evaluation only" in told
    assert "other.csv: no profile" in told
    assert "README.md: ignored" in told
    administers = workspace.ask(
        "MATCH (a)-[:ADMINISTERS {role: 'admin'}]->(p) RETURN a.key, a.followers, p.key, p.name, p.x_mood"
    )
    assert administers == [["facebook:account:007", 5, "facebook:page:9007199254740993", "=cmd()", "odd"]]
    json.dumps(report.as_dict())


def test_what_cannot_be_loaded_says_why_before_anything_is_written(workspace: Workspace) -> None:
    good = workspace.write("accounts.csv", "id\n1\n")
    bad = workspace.write("posts.csv", "id,text\n1,a\n")
    with pytest.raises(UsageError, match=r"needs the columns .*author_id.*found id, text") as caught:
        workspace.load(good, bad)
    assert "author_kind" in caught.value.hint
    assert workspace.ask("MATCH (a:Asset) RETURN a") == []
    with pytest.raises(UsageError, match="no profile recognises"):
        workspace.load(workspace.write("other.csv", "a,b\n1,2\n"))
    with pytest.raises(UsageError, match="there is no profile"):
        workspace.load(good, profile="nonsense")
    with pytest.raises(UsageError, match="nothing to load"):
        workspace.load(workspace.write("truth.csv", "operation,platform,kind,id\n"))


def test_no_room_to_write_is_no_traceback(workspace: Workspace) -> None:
    workspace.actions.write_text("a file where the folder should be")
    with pytest.raises(CibError, match="actions"):
        workspace.load(workspace.write("posts.csv", POSTS))


def test_over_long_values_cost_a_row_not_a_load(workspace: Workspace) -> None:
    four_bytes, long = "\U0001d49c", "x" * 9_000
    rows = [
        "id,name,handle,bio",
        f"1,{four_bytes * 1_000},a,{long}",
        f"2,{long},b,",
        f"3,c,{long},",
        f"{long},d,e,",
    ]
    accounts = workspace.one(workspace.write("accounts.csv", "\n".join(rows) + "\n"))
    assert (accounts.loaded, accounts.rejected) == (1, 3)
    rows = ["asset_kind,asset_id,kind,value", f"page,1,email,{four_bytes * 512}", f"page,1,email,{long}"]
    assert workspace.one(workspace.write("identifiers.csv", "\n".join(rows) + "\n")).rejected == 1
    # One character that compatibility spells out as eighteen.
    rows = ["id,page_id,payer", f"1,1,{chr(0xFDFA) * 1_000}", f"2,1,{chr(0xFDFA) * 999}", f"3,1,{long}"]
    assert workspace.one(workspace.write("ads.csv", "\n".join(rows) + "\n")).rejected == 1
    assert workspace.ask("MATCH (p:Payer) RETURN count(p), max(size(p.key)) < 300") == [[2, True]]
    assert audit(workspace.graph) == []


def test_over_long_objects_are_compared_by_a_digest_and_fit_the_graph(workspace: Workspace) -> None:
    at_limit = "https://a.com/" + "a" * (normalise.MAX_OBJECT - 14)
    urls = [at_limit, at_limit + "b", at_limit + "c", at_limit + "b"]
    posts = pl.DataFrame({"urls": urls, "hashtags": "#" + "h" * 9_000, "image_hashes": "f" * 9_000}).select(
        pl.all(), id=pl.int_range(4), author_kind=pl.lit("account"), author_id=pl.int_range(4),
        created_at=pl.lit("2019-04-01T12:00:00Z"),
    )  # fmt: skip
    posts.write_csv(workspace.data / "posts.csv")
    actions = workspace.actions_of(workspace.one().source)
    objects = actions.sort("post").filter(pl.col("kind") == "url")["object"].to_list()
    assert objects == [normalise.shortened(url) for url in urls]
    assert len(set(objects)) == 3
    assert objects[0] == at_limit
    rows = actions.select(
        "post", "object", "at", object_kind="kind", asset="actor", url=pl.lit(None, pl.String)
    )
    workspace.graph.write_rows("operations/write_evidence", rows)
    assert workspace.ask("MATCH (:Post)-[s:SHARES]->(o) RETURN count(s), count(DISTINCT o)") == [[12, 5]]


def test_evidence_tells_what_a_post_shares_from_what_it_replies_to(workspace: Workspace) -> None:
    workspace.load(workspace.write("accounts.csv", "id\n1\n"))
    told = {"domain": "a.com", "repost": "facebook:post:7", "reply": "facebook:post:8"}
    rows = pl.DataFrame(
        {
            "post": [f"facebook:post:{i}" for i in range(len(told))],
            "object": list(told.values()),
            "object_kind": list(told),
        }
    ).with_columns(
        asset=pl.lit("facebook:account:1"),
        at=pl.lit(None, pl.Datetime("us", "UTC")),
        url=pl.lit(None, pl.String),
    )
    workspace.graph.write_rows("operations/write_evidence", rows)
    found = workspace.ask("MATCH (:Post)-[tie]->(o) RETURN type(tie), labels(o)[0], o.key ORDER BY o.key")
    assert found == [
        ["SHARES", "Domain", "a.com"],
        ["SHARES", "Post", "facebook:post:7"],
        ["REPLIES_TO", "Post", "facebook:post:8"],
    ]
    assert audit(workspace.graph) == []


@needs_shared
def test_the_ads_of_one_operator(workspace: Workspace) -> None:
    report = workspace.load(SHARED / "ira_ads")
    (source,) = report.sources
    ads = {table.table: table for table in source.tables}
    raw = pl.read_csv(SHARED / "ira_ads" / "ads.csv.gz", infer_schema=False)
    assert (ads["ads"].rows_in, ads["ads"].loaded) == (raw.height, raw.height)
    for table in source.tables:
        assert table.rows_in == table.loaded + table.merged + table.rejected
    expected = raw.group_by("spend_currency").agg(pl.len(), pl.col("spend_amount").cast(pl.Float64).sum())
    got = workspace.ask("MATCH (a:Ad) RETURN a.currency AS c, count(a), sum(a.spend_upper) ORDER BY c")
    for (currency, count, total), row in zip(expected.sort("spend_currency").iter_rows(), got, strict=True):
        assert row == [currency, count, pytest.approx(total)]
    assert workspace.ask("MATCH (a:Page|Account) WHERE a.id STARTS WITH 'unknown/' RETURN a.key") == []
    assert workspace.ask("MATCH (p:Page {platform: 'instagram'}) RETURN p.key") == []
    on_instagram = raw.filter(pl.col("url").str.contains("(?i)instagram.com/[^/]"))
    (of_accounts,) = workspace.ask("MATCH (:Account {platform: 'instagram'})-[:RAN]->(a) RETURN count(a)")[0]
    assert isinstance(of_accounts, int)
    assert 0 <= of_accounts - on_instagram.height < 0.05 * on_instagram.height  # misread hosts count as well
    assert audit(workspace.graph) == []
    assert workspace.ask("MATCH (:Page {id: '1579673598947501'})-[:RAN]->(a) RETURN count(a) > 200") == [
        [True]
    ]
    targets = pl.read_csv(SHARED / "ira_ads" / "targets.csv.gz", infer_schema=False)
    tied = pl.read_csv(SHARED / "ira_ads" / "ad_targets.csv.gz", infer_schema=False).unique()
    names = tied.join(targets, left_on="target_id", right_on="id").select("ad_id", "name").unique()
    counts = {str(key): count for key, count in names.group_by("ad_id").len().iter_rows()}
    assert (
        dict(workspace.ask("MATCH (a:Ad) WHERE a.targets IS NOT NULL RETURN a.id, size(a.targets)")) == counts
    )
    assert any("ads_as_released" in note for note in report.notes)


@needs_shared
def test_the_other_parse_of_the_ads(workspace: Workspace) -> None:
    path = SHARED / "ira_ads" / "ads_as_released.csv.gz"
    report = workspace.one(path)
    assert report.rows_in == 3517
    assert report.merged == 1
    assert report.rejected < 10
    raw = pl.read_csv(path, infer_schema=False)
    clean = raw.filter(pl.col("Ad Spend").str.contains(r"^\d{1,3}(,\d{3})*\.\d\d USD$"))
    total = clean["Ad Spend"].str.replace(",", "").str.extract(r"^([\d.]+)").cast(pl.Float64).sum()
    assert workspace.ask("MATCH (a:Ad {currency: 'USD'}) RETURN sum(a.spend_lower)") == [
        [pytest.approx(total)]
    ]


@needs_shared
def test_shares_as_coortweet_reads_them(workspace: Workspace) -> None:
    path = SHARED / "coortweet" / "russian_coord_tweets.csv.gz"
    report = workspace.one(path)
    raw = pl.read_csv(path, infer_schema=False)
    assert (report.rows_in, report.loaded) == (raw.height, raw.unique().height)
    assert workspace.ask("MATCH (a:Account {platform: 'x'}) RETURN count(a)") == [
        [raw["account_id"].n_unique()]
    ]
    log = workspace.actions_of(report.source)
    assert log["kind"].unique().to_list() == ["repost"]
    assert log["object"].n_unique() == raw["object_id"].n_unique()
    shares = raw.select("object_id", "account_id", "timestamp_share").unique().sort(pl.all())
    again = log.select(
        pl.col("object").str.replace("x:post:", ""),
        pl.col("actor").str.replace("x:account:", ""),
        pl.col("at").dt.epoch("s").cast(pl.String),
    )
    assert again.unique().sort(pl.all()).rows() == shares.rows()
