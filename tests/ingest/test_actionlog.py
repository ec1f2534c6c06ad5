"""The action log says what the posts say, each thing once, whatever way it is written."""

from __future__ import annotations

import tempfile
from hashlib import md5
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import actionlog
from ingest.actionlog import write_log
from ingest.actions import POSTS, keyed
from ingest.columnar import compact
from ingest.staging import StagingTable
from ingest.tables import TABLES
from ingest.validation import validate

TEXT = "Come and see what they did to us in the city"
#: What it is compared by, alone and with a hashtag.
TEXTS = [md5(text.lower().encode()).hexdigest() for text in (TEXT, TEXT + " #now")]


def staged(folder: Path, table: str, rows: list[dict[str, str]], key: tuple[str, ...] | None = None) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}
    )
    checked = validate(frame.with_columns(line=pl.int_range(2, len(rows) + 2)), TABLES[table])
    assert checked.rejects.is_empty(), checked.rejects
    staging = StagingTable(folder, table, key or TABLES[table].key)
    # Batches of two rows, so that a log is made of several.
    for part in checked.frame.iter_slices(2):
        staging.add(keyed(part, table))
    done = staging.finish()
    assert done is not None
    return done.path


def logged(
    folder: Path, posts: list[dict[str, str]], reactions: list[dict[str, str]] | None = None,
    key: tuple[str, ...] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    log = write_log(
        folder / "log", "SRC-1", work=folder,
        posts=staged(folder, "posts", posts, key) if posts else None,
        reactions=staged(folder, "reactions", reactions) if reactions else None,
    )  # fmt: skip
    files = actionlog.log_files(folder / "log", "SRC-1")
    told, actions = (pl.read_parquet(file) for file in files)
    assert (log.posts, log.actions) == (told.height, actions.height)
    assert set(POSTS) <= set(told.columns)
    return told, actions.sort("kind", "post", "object")


def post(number: int, **columns: str) -> dict[str, str]:
    return {
        "platform": "x", "id": str(number), "author_kind": "account", "author_id": str(number % 3),
        "created_at": f"2024-05-01T12:00:{number % 60:02}Z", **columns,
    }  # fmt: skip


def test_a_post_acts_once_on_each_object_and_the_url_as_written_is_kept(tmp_path: Path) -> None:
    _, actions = logged(
        tmp_path,
        [
            post(1, urls="https://www.example.com/a?utm_source=x|http://example.com/a|https://news.example.com/b",
                 hashtags="Now|#NOW|now", image_hashes="AB|ab|cd", text=TEXT),
            post(2, text=TEXT.upper() + " #now https://example.com/a"),
            post(3, urls="https://example.com/a", repost_of="1", text=TEXT),
            post(4, reply_to="1"),
        ],
    )  # fmt: skip
    assert actions.select("kind", "object", "post", "raw").rows() == [
        ("domain", "example.com", "x:post:1", None),
        ("domain", "example.com", "x:post:2", None),
        ("hashtag", "now", "x:post:1", None),
        ("hashtag", "now", "x:post:2", None),
        ("image", "ab", "x:post:1", None),
        ("image", "cd", "x:post:1", None),
        ("reply", "x:post:1", "x:post:4", None),
        ("repost", "x:post:1", "x:post:3", None),
        ("text", TEXTS[0], "x:post:1", None),
        ("text", TEXTS[1], "x:post:2", None),
        ("url", "https://example.com/a", "x:post:1", "http://example.com/a"),
        ("url", "https://news.example.com/b", "x:post:1", None),
        ("url", "https://example.com/a", "x:post:2", None),
    ]


def test_three_and_more_hashtags_of_a_post_give_a_sequence_in_its_order(tmp_path: Path) -> None:
    _, actions = logged(
        tmp_path,
        [
            post(1, hashtags="Now|vote|#NOW|peace"),
            post(2, text="#peace #vote and not #now " + TEXT),
            post(3, hashtags="now|vote|NOW"),
        ],
    )
    assert actions.filter(kind="hashtag_sequence").select("object", "post").rows() == [
        ("now vote peace", "x:post:1"),
        ("peace vote now", "x:post:2"),
    ]


def test_several_rows_for_one_post_and_two_reactions_at_a_time_are_one(tmp_path: Path) -> None:
    key = ("platform", "id", "urls")
    posts, actions = logged(
        tmp_path,
        [
            post(1, urls="https://a.org", text=TEXT),
            post(1, urls="https://b.org", text=TEXT),
            post(2, text=TEXT),
        ],
        [
            {
                "account_id": "7",
                "target_kind": "post",
                "target_id": "1",
                "type": kind,
                "at": "2024-05-01T12:00:00Z",
            }
            for kind in ("like", "love")
        ],
        key,
    )
    assert posts["post"].sort().to_list() == ["x:post:1", "x:post:2"]
    assert actions.group_by("kind").len().sort("kind").rows() == [
        ("domain", 2), ("reaction", 1), ("text", 2), ("url", 2),
    ]  # fmt: skip


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "urls": st.sampled_from(
                    ["https://a.org/1", "http://a.org/1|https://www.a.org/1", "b.org|mailto:x", "no"]
                ),
                "text": st.sampled_from(
                    [TEXT, TEXT + " #Tag #tag", "short", TEXT + " https://a.org/1 http://a.org/1"]
                ),
                "hashtags": st.sampled_from(["a", "a|A", "#"]),
                "repost_of": st.sampled_from(["1", "2"]),
                "created_at": st.just("2024-05-01"),
            },
        ),
        min_size=1,
        max_size=7,
    )
)
@settings(deadline=None, max_examples=40)
def test_both_ways_of_writing_give_the_same_rows(columns: list[dict[str, str]]) -> None:
    rows = [post(number, **given_columns) for number, given_columns in enumerate(columns)]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain = logged(Path(one), rows)
        # A row more of the first post, as some profiles have, makes all go through the distinct.
        ruled = logged(Path(other), [*rows, {**rows[0], "x_more": "1"}], key=("platform", "id", "x_more"))
    for short, long, order in zip(plain, ruled, (["post"], ["kind", "object", "post"]), strict=True):
        assert short.sort(order).rows() == long.select(short.columns).sort(order).rows()


def test_few_rows_of_many_hold_on_to_little() -> None:
    words = [f"a text that is longer than a view can hold, number {number}" for number in range(50_000)]
    texts = pl.DataFrame({"text": words})
    few = texts.filter(pl.int_range(pl.len()) % 10_000 == 7)
    assert compact(few).equals(few)
    assert held(few) > 1_000_000 > 2_000 > held(compact(few))


def held(frame: pl.DataFrame) -> int:
    """Return the bytes of all buffers that a frame of one text column keeps in memory."""
    column = frame.to_arrow(compat_level=pl.CompatLevel.newest())["text"]
    return sum(buffer.size for chunk in column.chunks for buffer in chunk.buffers() if buffer)
