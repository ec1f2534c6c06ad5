"""A real operator: its accounts' communities against hand-coded categories, its Pages among verified ones.

The Internet Research Agency's tweets (292 accounts) have a category each, given by Linvill and Warren (2020).
What `cib detect` finds is compared in the same run with hashtags used in common and Louvain, as in Neo4j's
own example of those trolls. Its ads are looked for among 22,470 verified Pages, an honest background.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import networkx as nx
import polars as pl
from sklearn.metrics import adjusted_mutual_info_score

from analytics.ranking import rank
from analytics.settings import DetectSettings, RankSettings
from bench.coordinate import ROOT
from bench.rows import Row
from bench.searching import detected
from bench.servers import empty_graph, wipe
from cypher.session import Graph

_SEED: Final = 1
_MEMBERS: Final = """
MATCH (a:Page)-[:PART_OF]->(o:Operation WHERE o.id IN $ids) RETURN DISTINCT a.key AS key
"""
_OF_ADS: Final = "MATCH (a:Page)-[:RAN]->(:Ad) RETURN DISTINCT a.key AS key"


def run() -> list[Row]:
    """Measure both, where the data are there."""
    data = Path(os.environ.get("CIB_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not data.exists():
        print(f"real_operator: {data} is not there (set CIB_SHARED_DATA)", file=sys.stderr)
        return []
    with empty_graph() as (graph, _), tempfile.TemporaryDirectory(prefix="cib-bench-") as folder:
        rows = _tweets(graph, data / "ira_tweets", Path(folder) / "tweets")
        wipe(graph)
        return rows + _ads(graph, [data / "ira_ads", data / "musae_facebook"], Path(folder) / "ads")


def _tweets(graph: Graph, tweets: Path, folder: Path) -> list[Row]:
    actions_dir, layers_dir = detected(graph, [tweets], folder, DetectSettings.model_validate({}))
    authors = pl.read_csv(tweets / "authors.csv")
    actions = pl.read_parquet(actions_dir / "actions-*.parquet", columns=["kind", "object", "actor"])
    told = dict(zip(authors["author"].str.to_lowercase(), authors["account_category"], strict=True))
    names = {row["key"]: row["name"] for row in graph.driver.execute_query(
        "MATCH (a:Account) RETURN a.key AS key, toLower(coalesce(a.handle, a.name, a.id)) AS name").records
    }  # fmt: skip
    labels = {key: told[name] for key, name in names.items() if name in told}
    communities = pl.read_parquet(layers_dir / "communities.parquet").filter(scale=1.0)
    ours = dict(communities.select("asset", "community").iter_rows())
    theirs = _louvain(actions)
    both = sorted(labels)
    grouped = sorted(labels.keys() & ours.keys())
    agreement, plain = _ami(both, labels, ours), _ami(both, labels, theirs)
    inner, inner_plain = _ami(grouped, labels, ours), _ami(grouped, labels, theirs)
    note = f"{len(grouped)} of {len(both)} accounts are in {len({ours[key] for key in grouped})} communities"
    return [
        Row("accounts of the operator against their categories, AMI", 100 * agreement, "%",
            100 * plain, agreement / plain, note=f"{note}; each other account alone"),
        Row("the same, of the accounts in communities", 100 * inner, "%",
            100 * inner_plain, inner / inner_plain, note="peer: hashtags in common, Louvain; same accounts"),
    ]  # fmt: skip


def _louvain(actions: pl.DataFrame) -> dict[str, int]:
    """Return the Louvain community of each account, by the hashtags it has in common with others."""
    used = actions.filter(kind="hashtag").select("object", "actor").unique()
    pairs = used.join(used, on="object").filter(pl.col("actor") < pl.col("actor_right"))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from(
        pairs.group_by("actor", "actor_right").len().sort("actor", "actor_right").rows()
    )
    found = nx.community.louvain_communities(graph, seed=_SEED)
    return {key: number for number, keys in enumerate(found) for key in keys}


def _ami(keys: list[str], labels: dict[str, str], groups: dict[str, int]) -> float:
    """Return the adjusted mutual information of labels and groups; who is in no group is one of its own."""
    of = [groups.get(key, -1 - at) for at, key in enumerate(keys)]
    return float(adjusted_mutual_info_score([labels[key] for key in keys], of))


def _ads(graph: Graph, paths: list[Path], folder: Path) -> list[Row]:
    actions_dir, layers_dir = detected(graph, paths, folder, DetectSettings.model_validate({}))
    ranked = rank(
        graph,
        actions_dir=actions_dir,
        layers_dir=layers_dir,
        settings=RankSettings.model_validate({}),
        run="RUN-1",
    )
    ids = ranked.alerts["operation_id"].to_list()
    found = {row["key"] for row in graph.driver.execute_query(_MEMBERS, ids=ids).records}
    operator = {row["key"] for row in graph.driver.execute_query(_OF_ADS).records}
    return [
        Row("Pages of the operator found among 22,470 verified ones", float(len(found & operator)), "Pages",
            float(len(operator)), len(found & operator) / len(operator),
            note=f"{ranked.alerts.height} operations exported"),
        Row("verified Pages exported with them", float(len(found - operator)), "Pages", note="0 asked"),
    ]  # fmt: skip
