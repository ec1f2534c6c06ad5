from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from analytics.exports import export, html
from analytics.exports.layouts import SIZE
from analytics.exports.networks import network
from analytics.exports.parts import key_of
from analytics.exports.sums import sum_of
from analytics.exports.wording import big, defang, share, span
from analytics.results import Results, read_results
from cypher.session import Graph

from .made_graph import MARKUP, make

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: SHA-256 of dist/cytoscape.min.js in version 3.34.4 of the npm package cytoscape.
CYTOSCAPE = "081591ab735b2b6a3b31a3c60f8f3a3e2fee8c92939e0c7820ad1208571b6cd8"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """Collects tags with their attributes and the text of cells by class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[tuple[str, str]] = []
        self._class = ""
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._class = dict(attrs).get("class") or ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if data.strip():
            self.cells.append((self._class, data.strip()))


@pytest.fixture
def report(results: Results, tmp_path: Path) -> Path:
    (path,) = export(results, "html", tmp_path)
    return path


@pytest.mark.server
def test_nothing_remote_and_no_script_but_our_own(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    page = Page(text)
    used = {tag for tag, _ in page.tags}
    assert not used & {"link", "img", "iframe", "object", "embed", "form", "base", "use", "image"}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), tag
            assert name not in {"src", "srcset", "style", "action", "xlink:href"}, tag
            assert name != "href" or (value or "").startswith("#"), value
    policy = (
        next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert used >= {"main", "nav", "article", "header", "footer", "table", "thead", "details", "dialog"}


def test_the_script_of_others_is_the_one_released() -> None:
    vendor = files("analytics.exports") / "vendor"
    (script,) = (entry for entry in vendor.iterdir() if entry.name.endswith(".js"))
    text = script.read_bytes()
    assert hashlib.sha256(text).hexdigest() == CYTOSCAPE
    assert b"The Cytoscape Consortium" in text[:200]
    assert "Permission is hereby granted" in (vendor / "LICENSE.cytoscape").read_text(encoding="utf-8")


@pytest.mark.server
def test_markup_from_outside_is_text(report: Path) -> None:
    page = Page(report.read_text(encoding="utf-8"))
    assert defang(MARKUP) in page.text
    assert page.text.count("onerror=alert(1)") > 3
    assert "http://evil.example" not in page.text
    assert not re.search("[\x00-\x08\x0e-\x1f]", page.text)
    assert "bell\ufffd and null\ufffd" in page.text
    assert "hxxp://evil[.]example" in page.text


@pytest.mark.server
def test_what_was_decided_stands_on_the_card(results: Results, tmp_path: Path) -> None:
    notice = pl.when(pl.col("operation_id") == "OP-000001").then(
        pl.lit("Dismissed; speaks again: <b>grown</b>")
    )
    told = replace(results, details=results.details.with_columns(notice=notice))
    (path,) = export(told, "html", tmp_path)
    first, second = path.read_text(encoding="utf-8").split("<article")[1:]
    assert "speaks again: &lt;b&gt;grown&lt;/b&gt;" in first
    assert "What was decided" not in first
    words = Page("<article" + second).text
    assert words.index("confirmed", words.index("What was decided")) < words.index("watch")
    assert "Ada" in words
    assert defang(MARKUP) in words


@pytest.mark.server
def test_what_changed_stands_above_the_cards_and_on_them(results: Results, tmp_path: Path) -> None:
    changes = pl.DataFrame(
        {
            "operation_id": ["OP-000001", "OP-0000FF", "OP-000002"],
            "status": ["grown", "gone", "unchanged"],
            "was": [[], ["OP-000001"], []],
            "joined": [2, 0, 0],
            "why": ["2 members joined", "its members are in OP-000001", "as before"],
        }
    )
    moves = pl.DataFrame(
        {"operation_id": ["OP-000001"], "change": ["joined"], "kind": ["page"], "id": ["1"], "name": [MARKUP]}
    )
    told = replace(
        results,
        changes=pl.concat([results.changes.clear(), changes], how="diagonal"),
        moves=pl.concat([results.moves.clear(), moves.with_columns(platform=pl.lit("x"))], how="diagonal"),
    )
    (path,) = export(told, "html", tmp_path)
    head, first, second = path.read_text(encoding="utf-8").split("<article")
    words = Page(head).text
    assert "1 grown, 1 gone, 1 unchanged." in words
    assert "into OP-000001" in words
    assert "as before" not in words
    assert "2 members joined" in first
    names = Page("<article" + first).text
    assert defang(MARKUP) in names[names.index("Who came and went") :]
    assert "Who came and went" not in second


@pytest.mark.server
def test_lines_add_up_to_the_score_shown(report: Path, results: Results) -> None:
    articles = report.read_text(encoding="utf-8").split("<article")[1:]
    assert len(articles) == results.operations.height
    for article, score in zip(articles, results.operations["score"], strict=True):
        cells = Page("<article" + article).cells
        lines = [Decimal(text) for css, text in cells if css == "n bits"]
        (total,) = [Decimal(text) for css, text in cells if css == "n score"]
        assert 1 <= len(lines) <= 4
        assert sum(lines) == total
        assert float(total) == pytest.approx(score, abs=0.006)


def test_a_sum_that_does_not_add_up_says_so() -> None:
    signals = pl.DataFrame(
        {"signal": ["a"], "value": [1.0], "background": [0.5], "bits": [2.0], "why": ["w"]}
    )
    found = sum_of(signals, 3.0)
    assert found.rest == Decimal(1)
    assert sum((line.bits for line in found.lines), found.rest) == found.total


@pytest.mark.parametrize(
    ("link", "harmless"),
    [
        ("https://example.com/a.html?b=c.d", "hxxps://example[.]com/a.html?b=c.d"),
        ("see HTTP://Sub.Example.org:80/ now", "see HxxP://Sub[.]Example[.]org:80/ now"),
        ("evil.example", "evil[.]example"),
        ("http://192.168.0.1/x", "hxxp://192[.]168[.]0[.]1/x"),
        ("10.5 of 12 Pages. They", "10.5 of 12 Pages. They"),
    ],
)
def test_defanged_links(link: str, harmless: str) -> None:
    assert defang(link) == harmless


@pytest.mark.server
def test_shared_texts_are_quoted_in_words(graph: Graph, tmp_path: Path) -> None:
    make(graph, tmp_path / "layers")
    path = tmp_path / "layers" / "evidence.parquet"
    evidence = pl.read_parquet(path)
    # Evidence names a post by its address where that is known, else by its id.
    address = "https://facebook.example.com/1"
    evidence.with_columns(
        object_kind=pl.lit("text"),
        object=pl.when(pl.col("source_ref") == "facebook:post:1")
        .then(pl.lit("0fb2"))
        .otherwise(pl.lit("0fa1")),
        source_ref=pl.col("source_ref").replace("facebook:post:1", address),
    ).write_parquet(path)
    (tmp_path / "actions").mkdir()
    posts = {
        "post": ["facebook:post:0", "facebook:post:1", "facebook:post:x"],
        "url": [None, address, None],
        "text": ["Go to evil.example", "at its address", "unrelated"],
    }
    pl.DataFrame(posts).write_parquet(tmp_path / "actions" / "posts-SRC-1.parquet")
    # Sources have columns of their own.
    other = pl.DataFrame({"x_more": ["1"], "text": ["besides"], "post": ["x:post:1"], "url": [""]})
    other.write_parquet(tmp_path / "actions" / "posts-SRC-2.parquet")
    results = read_results(graph, tmp_path / "layers")
    assert results.quotes.rows() == [("0fa1", "Go to evil.example"), ("0fb2", "at its address")]
    (report,) = export(results, "html", tmp_path)
    assert "Go to evil[.]example" in report.read_text(encoding="utf-8")


@pytest.mark.server
def test_large_results_stay_usable(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(graph, tmp_path, bulk=60, big=900)
    results = read_results(graph, tmp_path)
    (path,) = export(results, "html", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count("<article") == text.count('type="application/json"') == 63
    assert "The 200 most certain of 900" in text
    assert path.stat().st_size < 4_000_000
    monkeypatch.setattr(html, "CARDS_SHOWN", 5)
    monkeypatch.setattr(html, "EXPLORED", 40_000)
    (path,) = export(results, "html", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count("<article") == 5
    assert "Cards follow for the first 5" in text
    assert text.count("<tr data-card=") == 63
    assert 0 < text.count('type="application/json"') < 5


@pytest.mark.server
def test_what_is_explored_is_what_was_found(report: Path, results: Results) -> None:
    text = report.read_text(encoding="utf-8")
    held = [
        json.loads(one) for one in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text)
    ]
    assert len(held) == results.operations.height
    for data, operation in zip(held, results.operations["operation_id"], strict=True):
        keys, edges = data["members"]["key"], data["edges"]
        found = {
            (keys[a], keys[b], data["layers"][layer], weight)
            for a, b, layer, weight in zip(
                edges["from"], edges["to"], edges["layer"], edges["weight"], strict=True
            )
        }
        wanted = results.edges.filter(operation_id=operation).select(
            key_of("source_"), key_of("target_").alias("target"), "layer", "weight"
        )
        assert found == set(wanted.rows())
        assert set(keys) == set(results.members.filter(operation_id=operation).select(key_of("")).to_series())
    assert "http://evil.example" not in text


@pytest.fixture
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.server
def test_a_browser_asks_for_nothing_and_logs_no_error(report: Path, chromium: Browser) -> None:
    asked: list[str] = []
    logged: list[str] = []
    page = chromium.new_page(viewport={"width": 400, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: logged.append(message.text))
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.goto(report.as_uri())
    page.click("#unfold")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400

    # Search, order, and what both leave of the cards.
    page.fill("#find", "op-000002")
    page.get_by_text("1 of 2 operations").wait_for()
    assert page.locator("article:visible").count() == 1
    page.fill("#find", "")
    page.get_by_text("2 operations", exact=True).wait_for()
    page.select_option("#order", "assets down")
    assert page.locator(".index [aria-sort=descending]").inner_text().startswith("Assets")
    page.select_option("#order", "score down")
    page.click(".index [data-order='id up'] button")
    assert page.locator("article h2").all_text_contents() == ["OP-000001", "OP-000002"]

    # A network, by keyboard alone.
    page.locator("[data-network]").first.press("Enter")
    page.wait_for_selector("#explore canvas")
    page.keyboard.type("voice")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    told = page.locator("[data-part=told]")
    assert told.locator("h3").inner_text() == "Voice of Peace"
    joined = told.locator(".joined button")
    assert joined.count() > 1
    joined.first.focus()
    page.keyboard.press("Enter")
    assert told.locator("h3").inner_text() != ""
    page.locator("[data-part=layers] input").first.uncheck()
    page.keyboard.press("Escape")
    assert page.locator("#explore").is_hidden()

    light = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(light)
    page.click("#colours")
    assert page.evaluate(light) != before
    page.emulate_media(media="print")
    assert page.evaluate(light) == "rgb(255, 255, 255)"
    assert page.locator("figcaption button:visible, #bar:visible").count() == 0
    assert asked == [report.as_uri()]
    assert logged == []


@pytest.mark.server
def test_the_policy_stops_whatever_slips_in(report: Path, chromium: Browser, tmp_path: Path) -> None:
    text = report.read_text(encoding="utf-8")
    slipped = (
        "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
        "<link rel=stylesheet href=http://127.0.0.1:1/x.css><style>body { display: none }</style>"
    )
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace("</main>", slipped + "</main>", 1), encoding="utf-8")
    page = chromium.new_page()
    page.add_init_script(
        "window.stopped = [];"
        " addEventListener('securitypolicyviolation', e => stopped.push(e.effectiveDirective))"
    )
    page.goto(changed.as_uri())
    assert page.title() == "Suspected coordinated inauthentic operations"
    assert page.locator("main").is_visible()
    stopped = set(page.evaluate("stopped"))
    assert stopped >= {"script-src-elem", "script-src-attr", "img-src", "style-src-elem"}


def test_network_draws_each_member_once_and_the_same_each_time() -> None:
    people = [f"{number:03d}" for number in range(90)]
    members = pl.DataFrame(
        {
            "platform": "facebook",
            "kind": ["page"] * 30 + ["account"] * 60,
            "id": people,
            "role": ["front"] * 30 + ["operator"] * 20 + [None] * 40,
            "confidence": 0.9,
        }
    )
    ends = {f"source_{name}": value for name, value in (("platform", "facebook"), ("kind", "page"))}
    ends |= {f"target_{name}": value for name, value in (("platform", "facebook"), ("kind", "page"))}
    edges = pl.DataFrame({"source_id": people[:10], "target_id": people[10:20]}).with_columns(
        **{name: pl.lit(value) for name, value in ends.items()}, layer=pl.lit("co_url"), weight=pl.lit(3.0)
    )
    evidence = pl.DataFrame(
        {
            "object_kind": ["admin", "admin"],
            "object": ["facebook:account:040", "facebook:account:elsewhere"],
            "source_key": ["facebook:page:000", "facebook:page:000"],
            "target_key": ["facebook:page:025", "facebook:page:025"],
        }
    )
    drawn = network(members, edges, evidence, ["co_url"])
    assert sum(path.count("M") for _, _, path in drawn.dots) == 90
    assert drawn.roles == [("front", 30), ("operator", 20), ("other", 40)]
    assert [(layer, path.count("L")) for layer, path in drawn.lines] == [(0, 10)]
    assert drawn.ties.count("L") == 2
    assert drawn.apart == 90 - 20 - 2
    places = [float(x) for _, _, path in drawn.dots for x in re.findall(r"M(-?\d+) ", path)]
    assert min(places) >= 0
    assert max(places) <= SIZE
    assert drawn == network(members, edges, evidence, ["co_url"])


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0%"), (0.00032, "0.032%"), (0.0712, "7.1%"), (0.0998, "10%"), (1.0, "100%"), (94.0, "94")],
)
def test_shares_in_percent(value: float, written: str) -> None:
    assert share(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(950, "950"), (9_999, "9,999"), (38_669, "38.7 k"), (2_815_840, "2.82 M"), (None, "not known")],
)
def test_large_numbers_to_three_digits(value: float | None, written: str) -> None:
    assert big(value) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0 s"), (51, "51 s"), (1065, "17 min 45 s"), (3600, "1 h"), (90_061, "1 d 1 h")],
)
def test_spans_in_two_units(seconds: int, written: str) -> None:
    assert span(dt.timedelta(seconds=seconds)) == written
