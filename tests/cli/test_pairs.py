"""`cib show ASSET ASSET`: the evidence of a pair, found by detection's own files, without a server."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from analytics.layers.edges import keep, with_strength
from analytics.layers.temporal import addressed, temporal_edges
from analytics.layers.traits import TRAITS, of_traits
from analytics.settings import DetectSettings
from cibgraph.main import cli

ONE, OTHER, THIRD = "x:account:1", "x:account:2", "x:page:1"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts that post five texts within seconds and show one picture, among 200 others."""
    root = tmp_path_factory.mktemp("pairs")
    assert CliRunner().invoke(cli, ["init", str(root)]).exit_code == 0
    actions, layers = root / ".cib" / "actions", root / ".cib" / "layers"
    actions.mkdir()
    rows = [(f"t{n}", f"x:account:o{n % 200}", 7_000 * n) for n in range(1_000)]
    rows += [
        (f"common{n}", key, 90_000 * n + 3 * place)
        for n in range(5)
        for place, key in enumerate([ONE, OTHER])
    ]
    log = pl.DataFrame(rows, schema=["object", "actor", "seconds"], orient="row").with_columns(
        kind=pl.lit("text"),
        at=pl.from_epoch(pl.col("seconds") * 1_000_000, "us").dt.replace_time_zone("UTC"),
        post=pl.format("x:post:{}", pl.int_range(pl.len())),
    )
    log.select("kind", "object", "actor", "at", "post").write_parquet(actions / "actions-SRC-1.parquet")
    log.select(
        "post",
        text=pl.format("Words of {}\x1b[31m", "object"),
        url=pl.when(pl.col("object") != "common4").then(pl.format("https://x.example/{}", "post")),
    ).write_parquet(actions / "posts-SRC-1.parquet")
    settings = DetectSettings(evidence_per_edge=4)
    shown = pl.DataFrame(
        {"asset": [ONE, OTHER, THIRD], "platform": "x", "picture": ["00ff00ff12345678"] * 2 + ["m"]}
    )
    results = [
        temporal_edges(actions, settings, "co_text"),
        of_traits(pl.concat([pl.DataFrame(schema=TRAITS), shown], how="diagonal"), settings, "shared_image"),
    ]
    evidence = addressed(pl.concat([result.evidence for result in results]), actions)
    edges = with_strength(pl.concat([result.edges for result in results]), settings.fdr)
    keep(edges.with_columns(patient=pl.lit(value=False)), evidence, {}, layers)
    return root


def show(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["-w", str(workspace), "show", *arguments])


def test_each_layer_has_its_objects_times_and_posts(workspace: Path) -> None:
    result = show(workspace, OTHER, ONE, "--format", "json")
    assert result.exit_code == 0, result.output
    story = json.loads(result.stdout)
    assert (story["source"], story["target"]) == (ONE, OTHER)
    text, picture = story["edges"]
    assert (text["layer"], text["objects"], len(text["evidence"])) == ("co_text", 5, 4)
    first = text["evidence"][0]
    assert first["quote"] == "Words of common0\x1b[31m"
    assert first["source_at"] == "1970-01-01T00:00:00+00:00"
    assert first["target_ref"] == "https://x.example/x:post:1001"
    assert [piece["object"] for piece in picture["evidence"]] == ["00ff00ff12345678"]


def test_a_person_reads_it_by_ids(workspace: Path) -> None:
    result = show(workspace, "2", ONE)
    assert result.exit_code == 0, result.output
    assert "co_text: 5 in common" in result.stdout
    assert "evidence: 4 of 5 kept" in result.stdout
    assert "1970-01-01 00:00:03  x:account:2  https://x.example/x:post:1001" in result.stdout
    assert "\x1b" not in result.stdout


def test_nothing_between_two_is_an_answer(workspace: Path) -> None:
    result = show(workspace, ONE, THIRD)
    assert result.exit_code == 0
    assert "No coordinated edge" in result.stdout
    assert f"{THIRD} has no coordinated edge with anybody" in result.stdout
    assert f"{ONE} has" not in result.stdout
    assert json.loads(show(workspace, ONE, THIRD, "--format", "json").stdout)["alone"] == [THIRD]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ((ONE, "nobody"), "no asset with the id nobody"),
        ((ONE, "1"), "one asset"),
        ((ONE, "2", "3"), "two assets"),
    ],
)
def test_what_cannot_be_meant_is_said(workspace: Path, named: tuple[str, ...], said: str) -> None:
    result = show(workspace, *named)
    assert result.exit_code != 0
    assert said in result.output + str(result.exception)


def test_before_detection_it_says_what_is_missing(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["init", str(tmp_path)])
    result = show(tmp_path, ONE, OTHER)
    assert "nothing was detected" in result.output + str(result.exception)
