"""One address for one object of a site that has several for it."""

from __future__ import annotations

from typing import Final

#: For each site, rules for path and query (with its `?`): a regular expression, and what takes the place
#: of what it fits. The first that fits counts.
RULES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "youtube": (
        (r"^/(?:shorts|embed|live|v|e)/([A-Za-z0-9_-]{11})(?:[/?&].*)?$", "/watch?v=$1"),
        (r"^/watch/?\?(?:[^#]*&)?v=([A-Za-z0-9_-]{11})(?:&.*)?$", "/watch?v=$1"),
        (r"^/watch/([A-Za-z0-9_-]{11})(?:[/?].*)?$", "/watch?v=$1"),
    ),
    "x": (
        (r"^/(?:i/web|i|[A-Za-z0-9_]{1,20})/status(?:es)?/(\d+)(?:[/?].*)?$", "/i/status/$1"),
    ),
    "facebook": (
        (r"^/(?:story|permalink)\.php\?(?:.*&)?id=(\d+)&(?:.*&)?story_fbid=(\w+)(?:&.*)?$",
         "/permalink.php?id=$1&story_fbid=$2"),
        (r"^/(?:watch/?|video\.php|video/video\.php|watch/live/?)\?(?:.*&)?v=(\d+)(?:&.*)?$", "/watch?v=$1"),
        (r"^/[^/?]+/videos/(?:[^/?]+/)?(\d+)(?:[/?].*)?$", "/watch?v=$1"),
        (r"^/reel/(\d+)(?:[/?].*)?$", "/watch?v=$1"),
        (r"^/(?:photo\.php|photo/?)\?(?:.*&)?fbid=(\d+)(?:&.*)?$", "/photo?fbid=$1"),
        (r"^/groups/([^/?]+)/(?:permalink|posts)/(\d+)(?:[/?].*)?$", "/groups/$1/posts/$2"),
        (r"^/([^/?]+)/posts/(?:[^/?]+/)?(\w+)(?:[/?].*)?$", "/$1/posts/$2"),
    ),
    "instagram": (
        (r"^/(?:[^/?]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{5,})(?:[/?].*)?$", "/p/$1"),
    ),
    "tiktok": (
        (r"^/(@[^/?]+)/(?:video|photo)/(\d+)(?:[/?].*)?$", "/$1/video/$2"),
    ),
    "reddit": (
        (r"^/(?:r|user)/[^/?]+/comments/([a-z0-9]+)(?:/[^/?]*)?(?:\?.*)?$", "/comments/$1"),
    ),
    # Ten letters and digits; what is glued to them comes from a text without a blank.
    "t.co": (
        (r"^/([A-Za-z0-9]{10})[^A-Za-z0-9].*$", "/$1"),
    ),
    "telegram": (
        (r"^(?:/s)+(/[A-Za-z0-9_]{4,}.*)$", "$1"),
    ),
    "vk": (
        (r"^/[^?]*\?(?:.*&)?w=(wall-?\d+_\d+)(?:[&%].*)?$", "/$1"),
    ),
}  # fmt: skip

#: Short hosts: what they are short for, and a rule as above.
SHORT: Final = {
    "youtu.be": ("youtube.com", r"^/([A-Za-z0-9_-]{11})(?:[/?].*)?$", "/watch?v=$1"),
    "redd.it": ("reddit.com", r"^/([a-z0-9]{4,10})(?:[/?].*)?$", "/comments/$1"),
}
