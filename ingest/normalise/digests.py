"""Digests that stand for what is too long to be compared or kept as it is."""

from __future__ import annotations

import hashlib
from typing import Final

#: What is longer is compared by a digest (characters): the graph's indexes hold some 8,000 bytes.
MAX_OBJECT: Final = 2_000
#: Of what is longer, what stays readable before the digest (characters).
SHOWN: Final = 200


def shortened(text: str) -> str:
    """Return a text that an index can hold: start and digest of one of more than `MAX_OBJECT` characters.

    The action log does the same in columns. In a normalised URL a `#` is followed by `!` or `/` only, so none
    is taken for another.
    """
    return text if len(text) <= MAX_OBJECT else f"{text[:SHOWN]}#md5-{digest(text)}"


def digest(text: str) -> str:
    """Return the MD5 of a text in hex."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
