"""From files to communities in a database to measure on, as `cib load` and `cib detect` go there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analytics.detection import detect
from analytics.settings import DetectSettings
from cypher.migrations import migrate
from cypher.session import Graph
from ingest.loader import Places, load
from ingest.simulate import View, simulate


def made(preset: str, seed: int, background: int, outsider: bool, out: Path) -> Path:
    """Make a preset's dataset as Parquet, as insiders or outsiders see it; return where it is."""
    simulate(preset, background=background, seed=seed, out_dir=out, fmt="parquet", view=View(outsider))
    return out


def tables_of(data: Path) -> list[Path]:
    """Return the files of a made dataset that are loaded: not what tells what was planted."""
    return [
        path
        for path in sorted(data.iterdir())
        if path.suffix in (".csv", ".parquet") and path.stem not in ("truth", "lookalikes")
    ]


def detected(graph: Graph, files: Sequence[Path], work: Path, settings: DetectSettings) -> tuple[Path, Path]:
    """Load files into an empty graph and detect, as `RUN-1`; return the folders of the action log and layers.

    Args:
        graph: Empty; gets the schema first, without whose indexes loading is quadratic.
        files: Files and folders.
        work: Folder for what a workspace keeps.
        settings: How to detect.
    """
    migrate(graph)
    places = Places(work / "sources", work / "actions", work / "rejected")
    load(files, graph=graph, places=places, run="RUN-1")
    layers = work / "layers"
    detect(graph, actions_dir=places.actions, layers_dir=layers, settings=settings, run="RUN-1")
    return places.actions, layers
