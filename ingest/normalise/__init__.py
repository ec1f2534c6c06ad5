"""What counts as the same object: URLs, texts, hashtags and handles in the form in which they are compared.

The rules are written down for users in docs/normalisation.md.
"""

from ingest.normalise.audiences import MIN_TERMS, audience
from ingest.normalise.digests import MAX_OBJECT, SHOWN, shortened
from ingest.normalise.tags import handle, hashtag, hashtags, hashtags_in
from ingest.normalise.texts import MIN_TEXT, text, texts
from ingest.normalise.urls import urls, urls_in, web

__all__ = [
    "MAX_OBJECT",
    "MIN_TERMS",
    "MIN_TEXT",
    "SHOWN",
    "audience",
    "handle",
    "hashtag",
    "hashtags",
    "hashtags_in",
    "shortened",
    "text",
    "texts",
    "urls",
    "urls_in",
    "web",
]
