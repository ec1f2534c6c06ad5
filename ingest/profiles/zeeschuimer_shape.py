"""Where platforms put what posts and accounts say, in the JSON that Zeeschuimer captures.

Paths are those of `ingest.profiles.nested.plucked`. Platforms changed their answers over the years and send
several kinds: of the paths of a value the first that leads somewhere counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Paths = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Shape:
    """The JSON of one platform.

    Attributes:
        platform: Name of the platform.
        post: Paths of each canonical column of a post.
        author: Paths of each of its author.
        extra: Paths of what is kept besides, by the name it is kept under.
    """

    platform: str
    post: Paths
    author: Paths
    extra: Paths = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        """Every path."""
        return {
            path for part in (self.post, self.author, self.extra) for paths in part.values() for path in paths
        }
