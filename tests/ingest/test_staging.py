"""Staged tables: of rows with one key the last stays, in the source's order, whatever came when."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import duplicates
from ingest.duplicates import KeyHashes
from ingest.parallel import Behind, mapped
from ingest.staging import StagingTable

keys = st.sampled_from(["a", "b", "c", "d", "e", None])
parts = st.lists(st.tuples(st.lists(st.tuples(keys, st.sampled_from("xy"))), st.booleans()), max_size=5)


@given(parts)
@settings(deadline=None, max_examples=60)
def test_the_last_row_of_a_key_stays_in_its_place(
    given_parts: list[tuple[list[tuple[str, str]], bool]],
) -> None:
    rows = [(*row, extra) for part, extra in given_parts for row in part]
    last = {(key, other): number for number, (key, other, _) in enumerate(rows)}
    wanted = [
        {"key": key, "other": other, "number": number, "x_more": "more" if extra else None}
        for number, (key, other, extra) in enumerate(rows)
        if last[(key, other)] == number
    ]
    with tempfile.TemporaryDirectory() as folder:
        table = StagingTable(Path(folder), "posts", ["key", "other"])
        first = 0
        for part, extra in given_parts:
            frame = pl.DataFrame(part, schema={"key": pl.String, "other": pl.String}, orient="row")
            frame = frame.with_columns(
                number=pl.int_range(first, first + frame.height, dtype=pl.Int64), line=1
            )
            table.add(frame.with_columns(x_more=pl.lit("more")) if extra else frame)
            first += frame.height
        staged = table.finish()
        if not rows:
            assert staged is None
            return
        assert staged is not None
        found = pl.read_parquet(staged.path)
        assert [{"x_more": None, **row} for row in found.to_dicts()] == wanted
        assert (staged.loaded, staged.merged) == (len(wanted), len(rows) - len(wanted))
        assert {path.name for path in Path(folder).iterdir()} <= {"posts.parquet", "spill"}


def test_equal_hashes_are_found_in_several_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_AT_ONCE", 10)
    monkeypatch.setattr(duplicates, "_BLOCK", 7)
    hashes = KeyHashes(tmp_path / "hashes")
    numbers = np.random.default_rng(1).integers(0, 400, 1000)
    for part in np.array_split(numbers, 9):
        hashes.add(pl.DataFrame({"key": part}))
    found, counts = np.unique(numbers, return_counts=True)
    assert hashes.shared().tolist() == np.flatnonzero(np.isin(numbers, found[counts > 1])).tolist()
    hashes.close()
    assert not list(tmp_path.iterdir())


def test_results_come_in_order_and_work_is_never_far_ahead() -> None:
    taken = []

    def items() -> object:
        for number in range(20):
            taken.append(number)
            yield number

    for number, result in enumerate(mapped(lambda item: item * 2, items(), ahead=2)):
        assert result == number * 2
        assert len(taken) <= number + 3
    assert len(taken) == 20


def test_a_fault_in_another_thread_reaches_who_asks() -> None:
    def fail(item: int) -> None:
        if item == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        list(mapped(fail, range(10)))
    early, late = Behind(fail), Behind(fail)
    for item in (3, 4):  # two may wait
        early.hand(item)
    with pytest.raises(ValueError, match="three"):
        early.hand(5)
    late.hand(3)
    with pytest.raises(ValueError, match="three"):
        late.finish()


def test_what_is_abandoned_works_no_more() -> None:
    started, going = threading.Event(), threading.Event()
    done: list[int] = []

    def work(item: int) -> None:
        started.set()
        going.wait(10)
        done.append(item)

    behind = Behind(work)
    behind.hand(1)
    behind.hand(2)
    started.wait(10)
    threading.Timer(0.05, going.set).start()
    behind.abandon()
    assert done == [1]
