"""URLs of one object are equal, those of different objects are not, and nothing from outside raises."""

from __future__ import annotations

from urllib.parse import quote

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import normalise


def url(*raw: str | None) -> list[str | None]:
    return normalise.urls(pl.Series(raw, dtype=pl.String)).to_list()


SAME = [
    # One row: what it is compared as, and ways to write it.
    (
        "https://example.com/a?x=1", "http://example.com/a?x=1", "HTTPS://WWW.EXAMPLE.COM:443/a/?x=1#top",
        "//m.example.com/a?x=1", "example.com/a?x=1",
        "https://user:secret@mobile.example.com/a?x=1&fbclid=Iw_1&gclid=2",
        "https://amp.example.com/a?utm_source=x&x=1&amp", "https://touch.example.com/b/../a?x=1",
        "http://example.com./a?x=1", "https://example.com/%61?x=1", " https://example.com/a?&x=1&&\n",
        "https://example.com/./a?igshid=1&x=1&mc_eid=2&_hsenc=3&mkt_tok=4&yclid=5",
        "https://example.com/a?UTM_Campaign=q&x=1&wbraid=1&gbraid=2&msclkid=3&twclid=4&ttclid=5&dclid=6&_ga=1",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a?x=1",
        "https://www.google.com/amp/s/amp.example.com/a?x=1", "http:example.com/a?x=1",
        "https://exam\u00adple.com/a?x=1",
    ),
    (
        "https://example.com/%D0%BF%D1%80?q=%C3%A9", "https://example.com/пр?q=é",
        "https://example.com/%d0%bf%d1%80?q=%c3%a9",
    ),
    (
        "https://xn--bcher-kva.example/", "https://bücher.example", "https://BÜCHER.example/",
        "https://www.xn--bcher-kva.example/",
    ),
    (
        "https://xn--i-7iq.ws", "https://i❤.ws/", "https://xn--i-7iq.ws/",
    ),
    (
        "https://de.wikipedia.org/wiki/K%C3%B6ln", "https://de.m.wikipedia.org/wiki/Köln#Geschichte",
    ),
    (
        "https://example.com#!/page/2", "http://www.example.com/#!/page/2",
    ),
    (
        "https://example.com/app#/a", "https://example.com/app/#/a",
    ),
    (
        "https://youtube.com/watch?v=dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ?si=abc&t=10",
        "https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&list=PL1",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://youtube.com/live/dQw4w9WgXcQ",
        "https://music.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ",
    ),
    (
        "https://x.com/i/status/1234567890", "https://twitter.com/Some_One/status/1234567890?s=20&t=abc",
        "https://mobile.twitter.com/a/statuses/1234567890/photo/1", "https://x.com/i/web/status/1234567890",
        "https://fxtwitter.com/a/status/1234567890", "http://www.x.com/b/status/1234567890",
    ),
    (
        "https://facebook.com/permalink.php?id=100&story_fbid=pfbid0ab",
        "https://m.facebook.com/story.php?story_fbid=pfbid0ab&id=100&m_entstream_source=timeline&__tn__=%2As%2As-R",
        "https://www.facebook.com/permalink.php?id=100&story_fbid=pfbid0ab",
    ),
    (
        "https://facebook.com/watch?v=55", "https://www.facebook.com/watch/?v=55&ref=sharing",
        "https://web.facebook.com/somebody/videos/a-title/55/",
        "https://de-de.facebook.com/somebody/videos/55", "https://www.facebook.com/reel/55?mibextid=x",
    ),
    (
        "https://facebook.com/groups/12/posts/34",
        "https://www.facebook.com/groups/12/permalink/34/?comment_id=5",
    ),
    (
        "https://facebook.com/photo?fbid=77",
        "https://www.facebook.com/photo.php?fbid=77&set=a.1&type=3&theater",
    ),
    (
        "https://instagram.com/p/CabcdEFG", "https://www.instagram.com/reel/CabcdEFG/?igsh=abc",
        "https://instagr.am/p/CabcdEFG/", "https://www.instagram.com/someone/p/CabcdEFG/",
    ),
    (
        "https://tiktok.com/@a.b/video/71",
        "https://www.tiktok.com/@a.b/video/71?is_from_webapp=1&sender_device=pc",
    ),
    (
        "https://reddit.com/comments/abc12",
        "https://old.reddit.com/r/news/comments/abc12/a_title/?context=3", "https://redd.it/abc12",
    ),
    (
        "https://t.me/channel/12", "https://t.me/s/channel/12", "https://telegram.me/channel/12?single",
    ),
    (
        "https://vk.com/wall-1_23", "https://m.vk.com/feed?w=wall-1_23", "https://vk.com/wall-1_23?from=x",
    ),
    (
        "https://open.spotify.com/track/1A", "https://open.spotify.com/track/1A?si=xyz",
    ),
    (
        "https://203.0.113.9:8080/a", "http://203.0.113.9:8080/a/",
    ),
    (
        "https://facebook.com/about", "https://l.facebook.com/about",
    ),
    ("https://t.co/aB3dE5gH7j", "https://t.co/aB3dE5gH7j\u0444\u0438", "https://t.co/aB3dE5gH7j/x"),
]  # fmt: skip


@pytest.mark.parametrize("same", SAME, ids=lambda same: same[0])
def test_ways_to_write_one_address(same: tuple[str, ...]) -> None:
    wanted = same[0].rstrip("/")
    assert dict(zip(same, url(*same), strict=True)) == dict.fromkeys(same, wanted)


WRAPPED = [
    "https://l.facebook.com/l.php?u={}&h=AT0abc&s=1", "https://lm.facebook.com/l.php?h=AT0&u={}",
    "https://www.facebook.com/l.php?u={}", "https://l.instagram.com/?u={}&e=ATM",
    "https://l.messenger.com/l.php?u={}", "https://www.google.com/url?sa=t&q={}&ved=1",
    "https://google.co.uk/url?url={}", "https://out.reddit.com/t3_1?url={}&token=a",
    "https://vk.com/away.php?to={}&post=1", "https://away.vk.com/away.php?to={}",
    "https://t.umblr.com/redirect?z={}&t=a", "https://slack-redir.net/link?url={}",
    "https://steamcommunity.com/linkfilter/?u={}",
    "https://eur01.safelinks.protection.outlook.com/?url={}&data=1", "https://l.threads.net/?u={}",
    "https://consent.google.com/m?continue={}&gl=DE", "https://link.zhihu.com/?target={}",
]  # fmt: skip


@given(st.lists(st.sampled_from(WRAPPED), max_size=4))
@settings(deadline=None, max_examples=60)
def test_wrapped_addresses_give_way_to_where_they_lead_however_deep(wrappers: list[str]) -> None:
    address = "https://www.example.com/a?b=1&utm_source=c"
    for wrapper in wrappers:
        address = wrapper.format(quote(address, safe=""))
    assert url(address) == ["https://example.com/a?b=1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a?x=1", "https://example.com/a?x=2"),
        ("https://example.com/a?si=1", "https://example.com/a?si=2"),
        ("https://example.com/a?t=1", "https://example.com/a?t=2"),
        ("https://example.com/a?id=1&feature=2", "https://example.com/a?id=1&feature=3"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/#!/1", "https://example.com/#!/2"),
        ("https://mit.edu/a", "https://web.mit.edu/a"),
        ("https://en.wikipedia.org/wiki/A", "https://de.wikipedia.org/wiki/A"),
        ("https://youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcR"),
        ("https://youtube.com/playlist?list=a", "https://youtube.com/playlist?list=b"),
        ("https://m.com/a", "https://n.com/a"),
        ("https://www.facebook.com/l.php", "https://www.facebook.com/r.php"),
        ("https://l.facebook.com/l.php?u=javascript:alert(1)", "https://l.facebook.com/l.php?u=data:,a"),
        ("https://xn--80ak6aa92e.com", "https://apple.com"),
        ("https://example.com:8080/", "https://example.com/"),
        ("https://example.com/a?utm=1", "https://example.com/a?utm=2"),
        ("https://example.com/a?fbclid_=1", "https://example.com/a?fbclid_=2"),
    ],
)
def test_different_objects_stay_different(one: str, other: str) -> None:
    first, second = url(one, other)
    assert first is not None
    assert first != second


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "mailto:a@b.org", "javascript:alert(1)", "data:text/html,x", "ftp://example.com/a",
        "no url", "https://", "http:///", "https://localhost/a", "https://1.2.3/a", "https://300.1.1.1/a",
        "https://[::1]/a", "https://a..b/c", "https://example.com:99999/", "tg://resolve?domain=x",
        "android-app://com.x/http/y", "https://-", "\x00",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(raw: str) -> None:
    assert url(raw) == [None]


pieces = st.sampled_from([
    "http://", "https://", "//", "www.", "m.", "l.facebook.com/l.php?u=", "youtu.be/",
    "youtube.com/watch?v=", "x.com/", "facebook.com/", "/status/1", "/s/", "t.me", "example.com", ".co.uk",
    "/", "?", "&", "=", "#", "#!", "#/", "%", "%2", "%2F", "%41", "%e9", "%25", "..", "/../", "/./", ":80",
    ":443", "@", "a", "B", "é", "ß", "пример", ".рф", "xn--", "\u200b", " ", "\\", "utm_source=x", "fbclid",
    "si=1", "dQw4w9WgXcQ", "story.php", "story_fbid=2", "id=1", "google.com/amp/s/", "href.li/?", "[", "]",
    "cdn.ampproject.org/c/s/", "_", "-", ";", "+", "\n", "\U0001f600", "\u3002", "amp", "&amp", "v=",
    "/p/abcde", "/videos/", "/posts/",
])  # fmt: skip


@given(
    st.lists(
        st.one_of(st.lists(pieces, max_size=9).map("".join), st.text(max_size=12)), min_size=1, max_size=30
    )
)
@settings(deadline=None, max_examples=300)
def test_nothing_raises_and_once_is_as_good_as_twice(raw: list[str]) -> None:
    once = normalise.web(pl.Series(raw, dtype=pl.String))
    twice = normalise.web(once["url"])
    assert twice["url"].to_list() == once["url"].to_list()
    assert twice["domain"].to_list() == once["domain"].to_list()
    for result, domain in once.rows():
        assert result is None or (result.isascii() and " " not in result)
        assert domain is None or domain in result


@pytest.mark.parametrize(
    ("raw", "domain"),
    [
        ("https://news.bbc.co.uk/a", "bbc.co.uk"),
        ("https://a.b.blogspot.com/x", "b.blogspot.com"),
        ("https://user.github.io/x", "user.github.io"),
        ("https://bücher.example.org", "example.org"),
        ("http://203.0.113.9/a", "203.0.113.9"),
        ("https://twitter.com/a", "x.com"),
        ("https://t.co/abcdefghij", None),
        ("https://bit.ly/x", None),
        ("tg://a", None),
        ("https://youtu.be/dQw4w9WgXcQ", "youtube.com"),
        ("https://sub.пример.рф/a", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_registered_domains(raw: str, domain: str | None) -> None:
    assert normalise.web(pl.Series([raw]))["domain"].to_list() == [domain]
