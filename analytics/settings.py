"""Settings of detection and ranking, with the names that CooRTweet's users know."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from analytics.layers.catalogue import STRUCTURAL_LAYERS, USUAL_LAYERS
from analytics.layers.log import TEMPORAL_LAYERS, TEXT_SIMILARITY
from analytics.weights import ALERT_THRESHOLD, SUSPICION

_TemporalLayer: TypeAlias = Annotated[str, Field(pattern=f"^({'|'.join(TEMPORAL_LAYERS)})$")]

_StructuralLayer: TypeAlias = Annotated[str, Field(pattern=f"^({'|'.join(STRUCTURAL_LAYERS)})$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DetectSettings(_Settings):
    """How coordinated edges and communities are found."""

    seed: int = Field(2019, ge=0, description="Random seed of community detection.")
    fdr: float = Field(
        0.05, gt=0, le=1, description="Edges with a false-discovery rate (q) above this are dropped; 1: none."
    )
    layers: tuple[_TemporalLayer, ...] = Field(
        (
            "co_url",
            "co_text",
            "co_similar_text",
            "co_hashtag",
            "co_repost",
            "co_image",
            "co_reply",
            "co_reaction",
        ),
        description="Temporal layers that are looked at.",
    )
    structural_layers: tuple[_StructuralLayer, ...] = Field(
        USUAL_LAYERS, description="Layers of what assets have in common that are looked at."
    )
    time_window: int = Field(
        60, ge=0, description="Two assets co-act on an object at most this many seconds apart (inclusive)."
    )
    windows: dict[_TemporalLayer, Annotated[int, Field(ge=0)]] = Field(
        {"co_text": 3600, "co_similar_text": 21600},
        description="Windows of single layers, in seconds, where they differ.",
    )
    text_similarity: float = Field(
        TEXT_SIMILARITY,
        ge=0.5,
        le=1,
        description="Part of their runs of five characters that two similar texts share (Jaccard); with more"
        " than five million texts at least 0.6. Below 0.6 rare words in common count too.",
    )
    slow_windows: dict[_TemporalLayer, Annotated[int, Field(ge=0)]] = Field(
        {"co_url": 3600, "co_repost": 3600, "co_image": 7200, "co_reply": 7200},
        description="Windows, in seconds, of layers looked at a second time, for those who take their time.",
    )
    patient_windows: dict[_TemporalLayer, Annotated[int, Field(ge=0)]] = Field(
        {"co_domain": 21600, "co_hashtag": 3600, "co_reply": 86400, "co_repost": 86400, "co_reaction": 3600},
        description="Windows, in seconds, of layers that make candidates of their own, after all others.",
    )
    min_participation: int = Field(
        2,
        ge=1,
        description="Fewest actions of an asset in a layer, and fewest that co-act on a pair's one side.",
    )
    min_objects: int = Field(
        2, ge=1, description="Fewest distinct objects that a coordinated pair co-acts on."
    )
    edge_weight: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Keep edges whose weight exceeds this quantile of all weights; 0 keeps all.",
    )
    remove_loops: bool = Field(
        True, description="Leave out co-actions of an asset with itself, and a post's repost of itself."
    )
    max_co_actions: int = Field(
        250_000, ge=1, description="Objects with more co-actions are too hot to tell pairs apart; left out."
    )
    min_shared_ties: int = Field(
        2, ge=1, description="Shared admins, identifiers, payers or creatives an edge needs."
    )
    max_tie_degree: int = Field(
        50, ge=2, description="Ties to what more assets than this share are left out."
    )
    evidence_per_edge: int = Field(20, ge=1, description="Co-actions kept as evidence of each edge.")
    resolution: float = Field(
        1.0, gt=0, description="Of community detection: larger gives smaller communities."
    )
    min_community: int = Field(3, ge=2, description="Fewest assets of a community.")


class RankSettings(_Settings):
    """How operations are scored and which reach the analyst."""

    alert_threshold: float = Field(
        ALERT_THRESHOLD, description="Fewest bits of an operation that is exported."
    )
    suspicion: float = Field(
        SUSPICION, description="Fewest bits of a piece that is joined with others and leaves the background."
    )
    evidence_posts: int = Field(
        200, ge=0, description="Co-actions an operation and layer whose posts go to the graph."
    )
