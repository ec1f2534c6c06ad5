"""Settings of detection and ranking, with the names that CooRTweet's users know."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

TemporalLayer: TypeAlias = Literal["co_url", "co_text", "co_hashtag", "co_repost"]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DetectSettings(_Settings):
    """How coordinated edges and communities are found."""

    seed: int = Field(2019, ge=0, description="Random seed of community detection.")
    fdr: float = Field(
        0.05, gt=0, lt=1, description="Edges with a false-discovery rate (q) above this are dropped."
    )
    time_window: int = Field(
        60, ge=0, description="Two assets co-act on an object at most this many seconds apart (inclusive)."
    )
    windows: dict[TemporalLayer, Annotated[int, Field(ge=0)]] = Field(
        default_factory=lambda: {"co_text": 3600},
        description="Layers with a window of their own, in seconds.",
    )
    min_participation: int = Field(
        2,
        ge=1,
        description="Fewest actions of an asset in a layer, and fewest that co-act on one side of a pair.",
    )
    edge_weight: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Keep edges whose weight exceeds this quantile of all weights; 0 keeps all.",
    )
    remove_loops: bool = Field(
        True,
        description="Leave out an asset's co-actions with itself and reposts of the reposted post itself.",
    )
    max_object_pairs: int = Field(
        250_000, ge=1, description="An object with more co-actions than this is too hot to tell anything."
    )
    min_shared_ties: int = Field(
        2, ge=1, description="Shared admins, identifiers, payers or creatives an edge needs."
    )
    max_tie_degree: int = Field(
        200, ge=2, description="Ties to what more assets than this share are left out."
    )
    evidence_per_edge: int = Field(20, ge=1, description="Co-actions kept as evidence of each edge.")
    resolution: float = Field(1.0, gt=0, description="Leiden's gamma: larger gives smaller communities.")
    min_community: int = Field(3, ge=2, description="Fewest assets of a community.")


class RankSettings(_Settings):
    """How operations are scored and which reach the analyst."""

    alert_threshold: float = Field(10.0, description="Fewest bits of an operation that is exported.")
    evidence_posts: int = Field(
        200, ge=0, description="Co-actions an operation and layer whose posts go to the graph."
    )
