"""Frames, plots and projections for notebooks, on a graph in the shape that ranking writes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from analytics.columns import TABLES
from analytics.investigation import Investigation
from cypher.connection import ServerAddress
from cypher.errors import CibError, UsageError
from cypher.session import Graph

from .made_graph import LONG_ID, at, make

pytestmark = pytest.mark.server


@pytest.fixture
def found(graph: Graph, tmp_path: Path) -> Investigation:
    make(graph, tmp_path / "layers")
    return Investigation(graph, tmp_path / "layers")


def test_frames_have_the_columns_of_the_exports(found: Investigation) -> None:
    for table in ("operations", "members", "edges", "signals", "evidence", "ads"):
        frame = getattr(found, table)()
        assert list(frame.columns) == [column.name for column in TABLES[table]], table
        assert len(frame) > 0
    assert list(found.operations()["operation_id"]) == ["OP-000001", "OP-000002"]
    assert list(found.operations(candidates=True)["status"]) == ["new", "grown", "candidate"]


def test_values_keep_their_types(found: Investigation) -> None:
    members = found.members("OP-000001")
    assert LONG_ID in set(members["id"])
    assert members["followers"].dtype == pd.Int64Dtype()
    assert members["followers"].isna().any()
    first = found.operations().iloc[0]
    assert first["first_seen"] == at(2013)
    assert first["layers"] == ["co_url", "shared_admin"]
    assert found.signals(1)["bits"].sum() == pytest.approx(first["score"])
    assert found.members(1).equals(members)
    assert found.takedown(1).startswith("12 Pages, 28 Facebook accounts, 1 X account")


def test_an_unknown_operation_is_said(found: Investigation) -> None:
    with pytest.raises(UsageError, match="there is no operation 'OP-9'") as raised:
        found.members("OP-9")
    assert "OP-000001" in (raised.value.hint or "")


def test_results_are_kept_until_refresh(found: Investigation) -> None:
    before = found.operations()
    found.graph.driver.execute_query("MATCH (o:Operation {id: 'OP-000002'}) DETACH DELETE o")
    assert found.operations().equals(before)
    found.refresh()
    assert list(found.operations()["operation_id"]) == ["OP-000001"]


def test_plots_show_what_the_tables_hold(found: Investigation) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    bars = found.plot_score(1).patches
    assert sum(bar.get_width() for bar in bars) == pytest.approx(21.37)
    timeline = found.plot_timeline(1)
    assert [axes.get_title(loc="left").split(":")[0] for axes in timeline.axes] == [
        "members created",
        "co-actions",
        "ads started",
    ]
    css = files("analytics.exports").joinpath("templates/report.css").read_text()
    for axes, name in zip(timeline.axes, ("created", "l0", "ads"), strict=True):
        assert f"--{name}: light-dark({mpl.colors.to_hex(axes.patches[0].get_facecolor())}," in css
    network = found.plot_network(1)
    network.figure.canvas.draw()
    dots = sum(len(dots.get_offsets()) for dots in network.collections if hasattr(dots, "get_sizes"))
    assert dots == len(found.members(1))
    pyplot.close("all")


def test_what_is_projected_is_dropped_again(found: Investigation) -> None:
    with found.gds() as projected:
        ranks = found.keyed(projected.client.page_rank.stream(projected.handle))
        assert len(ranks) == projected.nodes
        assert set(found.members(1)["id"]) & set(ranks["key"].str.split(":").str[2])
        name = projected.name
    left = found.graph.driver.execute_query("CALL gds.graph.list() YIELD graphName").records
    assert name not in [row[0] for row in left]


def test_nothing_to_project_is_said(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(CibError, match="there is nothing to project"), Investigation(graph, tmp_path).gds():
        pass


def test_the_example_runs_from_its_first_cell_to_its_last(
    found: Investigation, server_address: ServerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(__file__).parents[2] / "examples" / "investigation.ipynb"
    notebook = nbformat.read(place, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert {output.output_type for cell in cells for output in cell.outputs} <= {
        "stream",
        "execute_result",
        "display_data",
    }
    shutil.copytree(found.layers_dir, tmp_path / "work" / ".cib" / "layers")
    (tmp_path / "work" / "cib.toml").touch()
    monkeypatch.setenv("NEO4J_URI", server_address.uri)
    monkeypatch.setenv("NEO4J_USERNAME", server_address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", server_address.password)
    resources = {"metadata": {"path": str(tmp_path / "work")}}
    NotebookClient(notebook, timeout=300, startup_timeout=300, resources=resources).execute()
    assert "OP-000001" in cells[1].outputs[0]["data"]["text/plain"]


def test_names_are_there_before_anything_is_imported() -> None:
    script = (
        "import sys, analytics;"
        "assert {'pandas', 'polars', 'neo4j'}.isdisjoint(sys.modules);"
        "assert all(callable(getattr(analytics, name)) for name in dir(analytics));"
        "from analytics.signals import SIGNALS;"
        "assert callable(analytics.signals) and analytics.signals.SIGNALS is SIGNALS"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
