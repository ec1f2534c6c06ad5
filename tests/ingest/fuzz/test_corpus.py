"""Hand-made bad files: what becomes of each, in bounded memory, and what the command says."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .corpus import CORPUS, MIB, Bad

ROOT = Path(__file__).parents[3]
#: What loading any of them may take besides what Python, Polars, DuckDB and Arrow take by themselves.
ROOM = 500 * MIB
#: Past this the system stops the process, so that a mistake does not take the machine down.
STOP = 6 << 30

#: Takes in the files that are named on stdin, one after the other, and says what became of each.
WORKER = """
import json, resource, sys
from pathlib import Path
import polars, pyarrow
from cypher.errors import CibError
from tests.ingest.fuzz.checking import load_all

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

load_all([Path(json.loads(sys.stdin.readline()))])
before = peak()
for line in sys.stdin:
    outcome = load_all([Path(json.loads(line))])
    if isinstance(outcome, CibError):
        told = {"error": f"{outcome.message} {outcome.hint}"}
    else:
        (one,) = outcome
        told = {
            "rows": [one.account.rows_in, one.account.loaded, one.account.rejected],
            "reasons": [row["reason"] for row in one.rejects],
            "values": [
                value for table in one.tables.values() for name in ("id", "name") if name in table.columns
                for value in table[name].drop_nulls()
            ],
        }
    print(json.dumps(told | {"grown": peak() - before}), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What became of each file of the corpus, all taken in by one process with limits."""
    folder = tmp_path_factory.mktemp("corpus")
    (warm := folder / "accounts.csv").write_text("id\n1\n")
    paths = [warm]
    for number, bad in enumerate(CORPUS):
        (place := folder / str(number)).mkdir()
        paths.append(place / bad.name)
        paths[-1].write_bytes(bad.data())
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        input="".join(f"{json.dumps(str(path))}\n" for path in paths),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (STOP, STOP)),
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(CORPUS), f"stopped at {paths[len(told) + 1]}: {done.stderr}"
    for path in paths[1:]:
        assert {inside.name for inside in path.parent.iterdir()} == {path.name}
    return told


@pytest.mark.parametrize(
    ("number", "bad"), list(enumerate(CORPUS)), ids=lambda value: getattr(value, "name", None)
)
def test_a_bad_file_costs_what_is_bad_in_it(number: int, bad: Bad, outcomes: list[dict[str, Any]]) -> None:
    told = outcomes[number]
    if bad.rows is None:
        assert bad.told in told.get("error", ""), told
        return
    assert told.get("rows") == list(bad.rows), told
    assert set(bad.kept) <= set(told["values"])
    assert all(bad.told in reason for reason in told["reasons"])


def test_no_bad_file_takes_the_memory(outcomes: list[dict[str, Any]]) -> None:
    assert max(told["grown"] for told in outcomes) < ROOM
