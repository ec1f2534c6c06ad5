"""Layers taken over from an earlier detection, where nothing that they depend on has changed.

A layer in a window is kept with a key made of all that its result depends on: the content of the files that
it reads, its settings, the code of `analytics`, and the versions and the machine it ran with. One with the
same key is taken over as it was kept; any other, and any that is not whole, is computed. What the last
detection did not use is removed, so that what is kept never outgrows one detection's results.
docs/nightly.md says why nothing smaller than a layer is taken over.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.files import write_parquet, written
from analytics.layers.edges import EDGE_SCHEMA, EVIDENCE_SCHEMA, LayerResult
from analytics.layers.log import DERIVED, TEMPORAL_LAYERS, open_database, read_parquet
from analytics.layers.temporal import temporal_edges
from analytics.settings import DetectSettings
from cypher.errors import CibError
from cypher.progress import Progress, silent

#: Settings that no temporal layer looks at. A setting that is not named here makes a layer another one.
_OF_OTHERS: Final = frozenset(
    {"seed", "layers", "structural_layers", "windows", "slow_windows", "patient_windows",
     "time_window", "min_shared_ties",
     "max_tie_degree", "resolution", "min_community"}
)  # fmt: skip
#: Packages that compute a layer.
_PACKAGES: Final = ("duckdb", "numpy", "polars", "pyarrow", "scipy")
_SUFFIXES: Final = ("edges.parquet", "evidence.parquet", "json")


class LayerCache:
    """Temporal layers kept in a folder, three files each, and the keys that they have now.

    Args:
        folder: Holds the kept layers and nothing else; made where it is not there.
        actions_dir: The action log, which must not change while the cache is used.
    """

    def __init__(self, folder: Path, actions_dir: Path) -> None:
        self._folder = folder
        self._actions_dir = actions_dir
        self._used: set[str] = set()
        self._actions = sorted(actions_dir.glob("actions-*.parquet"))
        self._posts = sorted(actions_dir.glob("posts-*.parquet"))
        self._digests: dict[Path, str] = {}

    def find(
        self, layer: str, settings: DetectSettings, *, full: bool = False, progress: Progress = silent
    ) -> tuple[LayerResult, bool]:
        """Return a layer, and whether it was taken over; what is computed is kept for the next time.

        Args:
            layer: One of `TEMPORAL_LAYERS`.
            settings: Of the detection; its window for this layer is the one that is meant.
            full: Take nothing over.
            progress: Told about each step of what is computed.

        Raises:
            CibError: The layer cannot be kept.
        """
        name = f"{layer}-{_window(layer, settings)}"
        self._used |= {path.name for path in self._files(name)}
        key = self._key(layer, settings)
        if not full and (kept := self._take(name, layer, key)):
            return kept, True
        result = temporal_edges(self._actions_dir, settings, layer, progress)
        self._put(name, result, key)
        return result, False

    def prune(self) -> None:
        """Remove all that was not used since the cache was opened.

        Raises:
            CibError: It cannot be removed.
        """
        for file in self._folder.glob("*"):
            if file.name not in self._used:
                try:
                    file.unlink()
                except OSError as error:
                    raise CibError(
                        f"cannot remove {file}: {error.strerror or error}",
                        f"Nothing but kept layers belongs in {self._folder}; the folder may be deleted.",
                    ) from error

    def _take(self, name: str, layer: str, key: str) -> LayerResult | None:
        """Return what was kept if it is what would be computed now; None if not, or in doubt."""
        *parts, note = self._files(name)
        try:
            told = json.loads(note.read_text(encoding="utf-8"))
            if told["key"] != key or told["whole"] != _whole(parts, told["stats"]):
                return None
            edges, evidence = (
                pl.read_parquet(file, schema=schema)
                for file, schema in zip(parts, (EDGE_SCHEMA, EVIDENCE_SCHEMA), strict=True)
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError, pl.exceptions.PolarsError):
            # Missing or damaged: it is no loss but of time.
            return None
        return LayerResult(layer, edges, evidence, told["stats"])

    def _put(self, name: str, result: LayerResult, key: str) -> None:
        """Keep a layer. What a crash leaves half written is not whole, and will not be taken."""
        *parts, note = self._files(name)
        for file, frame in zip(parts, (result.edges, result.evidence), strict=True):
            write_parquet(frame, file)
        told = {"key": key, "stats": result.stats, "whole": _whole(parts, result.stats)}
        with written(note) as partial:
            partial.write_text(json.dumps(told, indent=2), encoding="utf-8")

    def _files(self, name: str) -> list[Path]:
        return [self._folder / f"{name}.{suffix}" for suffix in _SUFFIXES]

    def _key(self, layer: str, settings: DetectSettings) -> str:
        """Return the digest of all that a layer's result depends on."""
        looked_at = settings.model_dump(mode="json", exclude=set(_OF_OTHERS))
        # Of two equal actions the first in the order of files stands for both, so names count as well.
        inputs = [[file.name, self._content(file)] for file in self._inputs(layer)]
        return _digest([layer, _window(layer, settings), looked_at, inputs, _made_with()])

    def _inputs(self, layer: str) -> Iterator[Path]:
        """Yield the files that a layer reads: one of a single kind reads no file without that kind."""
        for file in self._actions:
            if layer in DERIVED or TEMPORAL_LAYERS[layer] in self._kinds.get(file.name, set()):
                yield file
        if layer in DERIVED:
            yield from self._posts

    def _content(self, file: Path) -> str:
        if file not in self._digests:
            self._digests[file] = _sha256(file)
        return self._digests[file]

    @cached_property
    def _kinds(self) -> dict[str, set[str]]:
        """The kinds of timed actions in each file of the log."""
        found: dict[str, set[str]] = {}
        if not self._actions:
            return found
        source = read_parquet(self._actions, named=True)
        with open_database() as database:
            rows = database.execute(
                f'SELECT DISTINCT parse_filename(filename), kind FROM {source} WHERE "at" IS NOT NULL'  # noqa: S608
            ).fetchall()
        for name, kind in rows:
            found.setdefault(name, set()).add(kind)
        return found


def _window(layer: str, settings: DetectSettings) -> int:
    return settings.windows.get(layer, settings.time_window)


def _whole(parts: Sequence[Path], stats: dict[str, Any]) -> str:
    """Return the digest of what was kept of a layer."""
    return _digest([[_sha256(file) for file in parts], list(stats.items())])


def _made_with() -> dict[str, Any]:
    """Return what computes a layer besides its settings: code, packages, machine (floats may differ)."""
    return {
        "code": [[file.name, _sha256(file)] for file in sorted(Path(__file__).parents[1].rglob("*.py"))],
        "packages": [version(name) for name in ("cibgraph", *_PACKAGES)],
        "machine": [platform.python_version(), platform.machine(), platform.system()],
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
