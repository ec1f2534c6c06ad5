"""Where a stage's time goes: which step each second is counted to, and how the table tells it."""

import time

import pytest

from cibgraph.stopwatch import Stopwatch, time_table


def test_each_second_goes_to_the_step_that_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "process_time", lambda: now[0] / 2)
    heard = []
    watch = Stopwatch(lambda *told: heard.append(told))

    def after(seconds: float, *told: object) -> None:
        now[0] += seconds
        watch(*told)  # type: ignore[arg-type]

    now[0] = 100.0
    watch.restart()
    after(1, "read", 10, None)  # a batch is told when it is done
    after(2, "read", 20, None)
    after(4, "pair", 0, 3)  # what reading did last
    after(8, "pair", 3, 3)
    after(16, "write", 5, 5)
    now[0] += 32
    assert [(step["name"], step["seconds"], step["processor_seconds"]) for step in watch.steps()] == [
        ("read", 7, 3.5), ("pair", 8, 4), ("write", 48, 24),
    ]  # fmt: skip
    assert heard[2] == ("pair", 0, 3)


def test_the_table_adds_up_and_keeps_to_what_matters() -> None:
    steps = [{"name": f"step {n}", "seconds": s, "processor_seconds": 0.5} for n, s in enumerate((58, 1, 1))]
    stages = [
        {"name": "load", "seconds": 40.0, "processor_seconds": 9.0, "peak_memory_mib": 1234, "steps": []},
        {"name": "detect", "seconds": 60.0, "processor_seconds": 1.5, "steps": steps},
    ]
    assert time_table(stages).split("\n") == [
        "where the time went                           seconds  processor      memory",
        "load                                             40.0        9.0   1,234 MiB",
        "detect                                           60.0        1.5",
        "  step 0                                         58.0        0.5",
        "  other steps                                     2.0        1.0",
        "in all                                          100.0       10.5",
    ]
