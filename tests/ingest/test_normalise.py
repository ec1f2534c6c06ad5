from __future__ import annotations

import polars as pl
import pytest

from ingest import normalise


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("HTTP://WWW.Example.com:80/Path/?utm_source=a&b=2&a=1&fbclid=x#frag", "https://example.com/Path?a=1&b=2"),
        ("https://m.example.com/", "https://example.com"),
        ("example.com/x", "https://example.com/x"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fx%3Futm_medium%3Dq&h=AT0", "https://example.com/x"),
        ("https://user:pw@example.com:443/a", "https://example.com/a"),
        ("https://example.com:8080/a", "https://example.com:8080/a"),
        ("https://www.co.uk/a", "https://www.co.uk/a"),
        ("https://пример.рф/a", "https://xn--e1afmkfd.xn--p1ai/a"),
        ("mailto:a@example.com", None),
        ("javascript:alert(1)", None),
        ("not a url", None),
        (None, None),
    ],
)  # fmt: skip
def test_urls(raw: str | None, normal: str | None) -> None:
    assert normalise.urls(pl.Series([raw], dtype=pl.String)).to_list() == [normal]


def test_urls_keep_their_order_and_are_stable() -> None:
    raw = pl.Series(["http://b.com/", "https://a.com", "http://b.com", None])
    once = normalise.urls(raw)
    assert once.to_list() == ["https://b.com", "https://a.com", "https://b.com", None]
    assert normalise.urls(once).to_list() == once.to_list()


def texts(*raw: str) -> list[str | None]:
    return pl.DataFrame({"t": raw}).select(normalise.text(pl.col("t")))["t"].to_list()


def test_texts_that_differ_in_dress_only_are_one() -> None:
    plain = "vote for change in the city today"
    assert texts(
        "Vote  for\nCHANGE in the city today",
        "\uff36\uff4f\uff54\uff45 for change in the city today https://t.co/abc @friend",
        "vote for change in the city today\u00a0",
    ) == [plain, plain, plain]


def test_short_texts_give_nothing() -> None:
    assert texts("Good morning!", "x" * 19, "x" * 20, "@a @b https://example.com/very/long/address") == [
        None, None, "x" * 20, None,
    ]  # fmt: skip


def test_objects_in_a_text() -> None:
    frame = pl.DataFrame(
        {"t": ["See https://a.com/x, and (http://b.com/y). #Kashmir #2019 #\uff2e\uff41\uff59\uff41_2 a#b"]}
    )
    found = frame.select(
        normalise.urls_in(pl.col("t")).alias("u"), normalise.hashtags_in(pl.col("t")).alias("h")
    )
    assert found["u"][0].to_list() == ["https://a.com/x", "http://b.com/y"]
    tags = found.explode("h").select(normalise.hashtag(pl.col("h")))["h"].to_list()
    assert tags[:2] == ["kashmir", "naya_2"]
