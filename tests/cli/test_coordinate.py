"""`cib coordinate`: files in, edges out, with every row accounted for."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from click.testing import CliRunner, Result

from cibgraph.main import cli
from tests.layers.made_actions import shared_data

COLUMNS = ["source", "target", "layer", "weight", "avg_time_delta", "first_at", "last_at", "above_threshold"]
SHARES = "object_id,account_id,content_id,timestamp_share\n"
POSTS = (
    "platform,id,author_kind,author_id,created_at,urls,hashtags\n"
    "facebook,1,page,7,2019-03-01T10:00:00Z,https://Example.org/a?utm_source=x,=tag\n"
    "facebook,2,page,8,2019-03-01T10:01:00Z,https://example.org/a,=tag\n"
    "facebook,3,page,7,2019-03-02T10:00:00Z,https://example.org/b,\n"
    "facebook,4,page,8,2019-03-02T10:00:30.5Z,https://example.org/b,\n"
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["coordinate", *map(str, arguments)], catch_exceptions=False)


def made(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_shares_of_coortweet_give_its_own_edges(tmp_path: Path) -> None:
    out, pairs, record = (tmp_path / name for name in ("edges.csv", "pairs.csv", "run.json"))
    done = run(
        shared_data("coortweet/russian_coord_tweets.csv.gz"), "--layer", "co_repost", "--time-window", 60,
        "--min-participation", 2, "--edge-weight", 0.5, "--null", "none", "-o", out, "--pairs", pairs,
        "--record", record,
    )  # fmt: skip
    assert (done.exit_code, done.stdout) == (0, "")
    assert "3,791 co-actions within 60 s, 3,721 edges" in done.stderr
    edges = pl.read_csv(out)
    assert edges.columns == COLUMNS
    assert (edges["source"] < edges["target"]).all()
    reference = pl.read_csv(shared_data("coortweet/reference_ru_tw60_mp2_edges.csv.gz"))
    assert edges["above_threshold"].sum() == reference["weight_threshold"].sum()
    theirs = {(*sorted(ends), weight) for *ends, weight in reference.select("from", "to", "weight").rows()}
    assert set(edges.select("source", "target", "weight").rows()) == theirs
    assert pl.read_csv(pairs).height == 3791
    told = json.loads(record.read_text())
    assert told["layers"]["co_repost"]["weight_threshold"] == 1
    assert told["inputs"][0]["rows_in"] == 35_125


def test_a_terminal_shows_as_many_edges_as_a_person_reads(tmp_path: Path) -> None:
    rows = [
        f"{thing},u{one},{thing}{one},{1_600_000_000 + thing * 9_000 + one}"
        for thing in range(2)
        for one in range(33)
    ]
    file = made(tmp_path, "shares.csv", SHARES + "\n".join(rows) + "\n")
    asked = ("coordinate", str(file), "--null", "none", "--format", "csv")
    # A program gets all 528 edges, a person 500, each with a header.
    assert run(*asked[1:]).stdout.count("\n") == 529
    ours, theirs = os.openpty()
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "cibgraph", *asked], stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # which is how Linux says that the other end is closed
            while part := os.read(ours, 65_536):
                shown += part
        assert process.stderr
        told = process.stderr.read()
    os.close(ours)
    assert (process.returncode, shown.count(b"\n")) == (0, 501)
    assert b"These are the first 500 edges. All: -o edges.csv" in told


def test_what_is_not_clean_goes_the_long_way_and_gives_the_same(tmp_path: Path) -> None:
    rows = [
        ("https://a.org/?utm_x=1", "u1", "c1", 1_600_000_000),
        ("https://a.org/?utm_x=1", "u2", "c2", 1_600_000_060),
        ("o2", "u1", "o2", 1_600_001_000),
        ("o2", "u2", "c4", 1_600_001_000),
        ("o3", "u1", "c5", 1_600_002_000),
        ("o3", "u2", "c6", 1_600_002_030),
    ]
    clean = SHARES + "".join(",".join(map(str, row)) + "\n" for row in rows)
    quick = run(made(tmp_path, "clean.csv", clean), "--layer", "co_url", "--null", "none", "--format", "csv")
    assert quick.stdout.splitlines()[1:] == [
        "u1,u2,co_url,2,45.0,2020-09-13T12:26:40Z,2020-09-13T13:00:30Z,false"
    ]
    rejected = tmp_path / "rejected.ndjson"
    dirty = made(tmp_path, "dirty.csv", clean + "o3,u3,c7,yesterday\n,u3,c8,1600000000\n")
    long = run(dirty, "--layer", "co_url", "--null", "none", "--format", "csv", "--rejected", rejected)
    assert long.exit_code == 3
    assert long.stdout == quick.stdout
    assert "1 of 8 rows rejected" in long.stderr
    assert [json.loads(line)["line"] for line in rejected.read_text().splitlines()] == [8]
    packed = run(
        made(tmp_path, "clean.csv.gz", clean), "--layer", "co_url", "--null", "none", "--format", "csv"
    )
    assert packed.stdout == quick.stdout


def test_canonical_posts_are_normalised_as_in_load_and_named_by_key(tmp_path: Path) -> None:
    posts = made(tmp_path, "posts.csv", POSTS)
    done = run(posts, "--layer", "co_url", "--format", "json", "--min-participation", 2)
    assert done.exit_code == 0
    (edge,) = json.loads(done.stdout)
    assert (edge["source"], edge["target"]) == ("facebook:page:7", "facebook:page:8")
    assert (edge["layer"], edge["weight"], edge["avg_time_delta"]) == ("co_url", 2, 45.25)
    assert edge["last_at"] == "2019-03-02T10:00:30.500000Z"
    assert edge["q_value"] == edge["p_value"] > 0
    # Under the window of its own the first pair is too far apart.
    less = run(posts, "--layer", "co_url,co_hashtag", "--time-window", 3600, "--time-window", "co_url=59",
               "--min-participation", 1, "--format", "csv")  # fmt: skip
    assert [line.split(",")[2:4] for line in less.stdout.splitlines()[1:]] == [
        ["co_url", "1"],
        ["co_hashtag", "1"],
    ]


def test_reactions_and_an_action_log_are_taken_too(tmp_path: Path) -> None:
    reactions = made(
        tmp_path,
        "reactions.csv",
        "platform,account_id,target_kind,target_id,type,at\n"
        + "".join(
            f"facebook,{who},post,{n},like,2019-03-0{n}T10:00:0{who}Z\n" for who in (1, 2) for n in (1, 2)
        ),
    )
    done = run(reactions, "--format", "csv")
    assert done.stdout.splitlines()[1].startswith("facebook:account:1,facebook:account:2,co_reaction,2,1.0,")
    log = pl.DataFrame(
        [("hashtag", "t", who, 1_600_000_000, f"p{who}") for who in "ab"],
        schema=["kind", "object", "actor", "at", "post"],
        orient="row",
    )
    log.with_columns(pl.from_epoch("at")).write_parquet(tmp_path / "actions-SRC-1.parquet")
    done = run(tmp_path / "actions-SRC-1.parquet", "--min-participation", 1, "--format", "csv")
    assert done.stdout.splitlines()[1].startswith("a,b,co_hashtag,1,0.0,")
    # With it, shares are named by key as well.
    shares = made(tmp_path, "s.csv", SHARES + "t,1,9,1600000000\nt,2,10,1600000000\n")
    both = run(tmp_path / "actions-SRC-1.parquet", shares, "--min-participation", 1, "--layer", "co_hashtag",
               "--format", "csv", "--null", "none")  # fmt: skip
    assert [line.split(",")[:2] for line in both.stdout.splitlines()[1:]][-1] == [
        "x:account:1",
        "x:account:2",
    ]
    assert len(both.stdout.splitlines()) == 1 + 6


def test_networks_read_back_and_hostile_names_do_no_harm(tmp_path: Path) -> None:
    names = ["=cmd|'/c calc'!A1", '<b>&"x"\x07', "-1001234", "plain"]
    rows = [("o", name, 1_600_000_000, f"p{n}") for n, name in enumerate(names)]
    frame = pl.DataFrame(
        rows, schema=["object_id", "account_id", "timestamp_share", "content_id"], orient="row"
    )
    frame.write_parquet(tmp_path / "shares.parquet")
    for name, read in (("n.graphml", nx.read_graphml), ("n.gexf", nx.read_gexf)):
        done = run(tmp_path / "shares.parquet", "--min-participation", 1, "-o", tmp_path / name)
        assert done.exit_code == 0
        graph = read(tmp_path / name)
        assert set(graph) == {name.replace("\x07", "\ufffd") for name in names}
        assert all(data["weight"] == 1 for _, _, data in graph.edges(data=True))
        assert graph.number_of_edges() == 6
    done = run(
        tmp_path / "shares.parquet", "--min-participation", 1, "-o", tmp_path / "n.csv", "--null", "none"
    )
    cells = pl.read_csv(tmp_path / "n.csv", infer_schema=False)
    assert set(cells["source"]) | set(cells["target"]) == {f"'{names[0]}", *names[1:]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layer", "co_sign"], "there is no layer 'co_sign'"),
        (["--time-window", "soon"], "'soon' is no number of seconds"),
        (["--time-window", "co_x=5"], "there is no layer 'co_x'"),
        (["-o", "edges.txt"], "does not say which format"),
        (["--pairs", "pairs.gexf"], "does not say which format"),
        (["--profile", "nothing"], "nothing"),
    ],
)
def test_wrong_usage_is_said_and_nothing_written(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(made(tmp_path, "posts.csv", POSTS), *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_files_without_actions_and_files_of_nothing_known_are_usage_errors(tmp_path: Path) -> None:
    pages = run(made(tmp_path, "pages.csv", "platform,id,name\nfacebook,1,One\n"))
    assert (pages.exit_code, "none of the files has posts or reactions" in pages.stderr) == (2, True)
    other = run(made(tmp_path, "other.csv", "a,b\n1,2\n"))
    assert other.exit_code == 2


def test_clean_shares_are_read_without_the_slow_imports() -> None:
    shares = shared_data("coortweet/russian_coord_tweets.csv.gz")
    code = (
        "import sys\nfrom cibgraph.main import cli\n"
        f"try:\n    cli(['-q', 'coordinate', {str(shares)!r}, '--null', 'none', '--format', 'csv'])\n"
        "except SystemExit as end:\n    print(end.code, file=sys.stderr)\n"
        "slow = {'pandas', 'polars', 'pyarrow', 'neo4j', 'pydantic', 'scipy', 'numpy', 'rich'}\n"
        "print(sorted(slow & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stderr.split("\n")[:2] == ["0", "[]"]
    assert len(done.stdout.splitlines()) == 3722
