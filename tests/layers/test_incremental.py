"""A detection that takes layers over from the one before equals a full one, bit for bit."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.layers.edges import keep, with_strength
from analytics.layers.incremental import LayerCache
from analytics.layers.temporal import addressed
from analytics.settings import DetectSettings
from cypher.errors import CibError
from tests.layers.made_actions import write_log

LAYERS = ("co_url", "co_text", "co_similar_text", "co_fast_repost")
#: What a batch must hold to touch a layer; what is not named touches it too where the layer is derived.
KINDS = {"co_url": "url", "co_text": "text"}
FILES = ("edges.parquet", "evidence.parquet", "layers.json")
HOW = DetectSettings(layers=LAYERS, fdr=1.0, min_objects=1, evidence_per_edge=2)
OTHER = HOW.model_copy(update={"windows": {**HOW.windows, "co_text": 5}})

Batch = list[tuple[str, str, str, int]]
_BATCH = st.lists(
    st.tuples(
        st.sampled_from(["url", "text", "repost"]),
        st.sampled_from(["x", "y", "p0", "p1"]),
        st.sampled_from("abcd"),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=12,
)
_STEP = st.one_of(
    # A source is added, or one of before is said anew or taken back.
    st.tuples(st.just("load"), st.integers(0, 3), _BATCH),
    st.tuples(st.just("remove"), st.integers(0, 3), st.none()),
    st.tuples(st.just("settings"), st.none(), st.none()),
    st.tuples(st.just("damage"), st.sampled_from(LAYERS), st.sampled_from(["edges.parquet", "json"])),
    st.tuples(st.just("nothing"), st.none(), st.none()),
)


def load(folder: Path, source: int, batch: Batch, posts: count[int]) -> None:
    """Write a batch as one source, its posts with addresses, of which some other sources have too."""
    rows = [(*action, f"p{next(posts) % 9}") for action in batch]
    frame = pl.DataFrame(
        rows,
        schema={
            "kind": pl.String, "object": pl.String, "actor": pl.String, "at": pl.Int64, "post": pl.String
        },
        orient="row",
    )  # fmt: skip
    write_log(folder, frame, f"SRC-{source}")
    frame.select(
        "post",
        url=pl.format("https://example.org/{}/{}", pl.lit(source), "post"),
        text=pl.format("what {} says is said by many others too", "object"),
    ).write_parquet(folder / f"posts-SRC-{source}.parquet")


def found(log: Path, layers: Path, how: DetectSettings) -> tuple[dict[str, bytes], set[str]]:
    """Return the files of a detection, and the layers that it took over."""
    cache = LayerCache(layers / "cache", log)
    results, taken = [], set()
    for layer in how.layers:
        result, kept = cache.find(layer, how)
        results.append(result)
        taken |= {layer} if kept else set()
    cache.prune()
    edges = with_strength(pl.concat([one.edges for one in results]), how.fdr)
    evidence = addressed(pl.concat([one.evidence for one in results]), log)
    keep(edges, evidence, {one.layer: one.stats for one in results}, layers)
    return {name: (layers / name).read_bytes() for name in FILES}, taken


def inputs(log: Path, layer: str) -> dict[str, bytes]:
    """Return the files that a layer may depend on."""
    kind = KINDS.get(layer)
    return {
        file.name: file.read_bytes()
        for file in log.glob("*.parquet")
        if kind is None or (file.name.startswith("actions") and kind in pl.read_parquet(file)["kind"])
    }


@settings(max_examples=4, deadline=None)
@given(_BATCH, st.lists(_STEP, min_size=1, max_size=3))
def test_any_order_of_batches_gives_what_a_full_detection_gives(
    first: Batch, steps: list[tuple[str, object, object]]
) -> None:
    with TemporaryDirectory() as folder:
        log, kept, how, posts = Path(folder) / "log", Path(folder) / "kept", HOW, count()
        load(log, 0, first, posts)
        found(log, kept, how)
        for number, (what, which, more) in enumerate(steps):
            before, settings_before = {layer: inputs(log, layer) for layer in LAYERS}, how
            damaged: set[object] = set()
            if what == "load":
                load(log, int(str(which)), more, posts)  # type: ignore[arg-type]
            elif what == "remove":
                for file in log.glob(f"*-SRC-{which}.parquet"):
                    file.unlink()
            elif what == "settings":
                how = OTHER if how == HOW else HOW
            elif what == "damage":
                (file,) = (kept / "cache").glob(f"{which}-*.{more}")
                file.write_bytes(file.read_bytes()[:-1] if more == "json" else b"no Parquet")
                damaged = {which}
            files, taken = found(log, kept, how)
            fresh, nothing = found(log, Path(folder) / f"fresh{number}", how)
            assert files == fresh
            assert not nothing
            # The windows of HOW and OTHER differ for co_text alone.
            assert taken == {
                layer
                for layer in LAYERS
                if inputs(log, layer) == before[layer]
                and layer not in damaged
                and (layer != "co_text" or how == settings_before)
            }


def test_a_batch_of_another_kind_takes_over_what_has_edges(tmp_path: Path) -> None:
    log, posts = tmp_path / "log", count()
    load(log, 0, [("url", "x", actor, at) for at, actor in enumerate("abcabc")], posts)
    found(log, tmp_path / "kept", HOW)
    load(log, 1, [("text", "t", actor, at) for at, actor in enumerate("abcabc")], posts)
    files, taken = found(log, tmp_path / "kept", HOW)
    assert taken == {"co_url"}
    assert files == found(log, tmp_path / "fresh", HOW)[0]
    evidence = pl.read_parquet(tmp_path / "kept" / "evidence.parquet")
    assert set(evidence["layer"]) == {"co_url", "co_text", "co_similar_text"}
    assert evidence["source_ref"].str.starts_with("https://").all()


@pytest.mark.parametrize(
    ("changed", "taken"),
    [({"resolution": 2.0, "seed": 1}, set(LAYERS)), ({"fdr": 0.5}, set()), ({"time_window": 9}, set(LAYERS))],
)
def test_settings_count_where_a_layer_looks_at_them(
    tmp_path: Path, changed: dict[str, float], taken: set[str]
) -> None:
    how = HOW.model_copy(update={"windows": dict.fromkeys(LAYERS, 60)})
    load(tmp_path / "log", 0, [("url", "x", "a", 1), ("url", "x", "b", 2)], count())
    found(tmp_path / "log", tmp_path, how)
    assert found(tmp_path / "log", tmp_path, how.model_copy(update=changed))[1] == taken


def test_what_a_detection_did_not_use_is_not_kept(tmp_path: Path) -> None:
    load(tmp_path / "log", 0, [("url", "x", "a", 1), ("url", "x", "b", 2)], count())
    found(tmp_path / "log", tmp_path, HOW)
    (tmp_path / "cache" / ".co_url-60.json.7.partial").write_text("of a process that died")
    found(tmp_path / "log", tmp_path, HOW.model_copy(update={"layers": ("co_url",), "time_window": 9}))
    assert {file.name for file in (tmp_path / "cache").iterdir()} == {
        "co_url-9.edges.parquet", "co_url-9.evidence.parquet", "co_url-9.json",
    }  # fmt: skip


def test_other_code_takes_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path / "log", 0, [("url", "x", "a", 1), ("url", "x", "b", 2)], count())
    found(tmp_path / "log", tmp_path, HOW)
    monkeypatch.setattr("analytics.layers.incremental._made_with", lambda: {"code": "another"})
    assert found(tmp_path / "log", tmp_path, HOW)[1] == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_no_fault_of_the_program(tmp_path: Path) -> None:
    load(tmp_path / "log", 0, [("url", "x", "a", 1), ("url", "x", "b", 2)], count())
    (tmp_path / f".edges.parquet.{os.getpid()}.partial").symlink_to("/dev/full")
    with pytest.raises(CibError, match=r"cannot write .*edges\.parquet: .*No space left") as refused:
        found(tmp_path / "log", tmp_path, HOW)
    assert "enough space" in refused.value.hint
    assert not any(tmp_path.glob("*edges.parquet*"))
