"""What assets of communities do to the same objects, and which of it members do together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from analytics.layers.log import TEMPORAL_LAYERS, log_of_folder, open_database

#: Actions of assets in communities on objects that two of these act on. `object`, `post` and `moment` are
#: numbers that tell them apart, `at` is microseconds since 1970, `window` how many of them the layers looked
#: at allow between two who act together. `crowd`: assets of all the data that act on the object in that
#: moment. `author`: who made what is reposted, answered or reacted to, where that is known; of other objects
#: the public asset whose name a hashtag bears, else that was the first to act on it.
SHARED: Final = pl.Schema(
    {
        "asset": pl.String(),
        "kind": pl.String(),
        "object": pl.UInt64(),
        "at": pl.Int64(),
        "post": pl.UInt64(),
        "window": pl.Int64(),
        "moment": pl.Int64(),
        "crowd": pl.Int64(),
        "author": pl.String(),
    }
)
#: What members do together: as above, once a community, with `gap`, the microseconds to the nearest act of a
#: fellow member on the object.
TOGETHER: Final = pl.Schema({**SHARED, "community": pl.Int64(), "gap": pl.Int64()})
#: In a second.
MICROSECONDS: Final = 1_000_000
#: A moment in which the public may act.
MOMENT: Final = 6 * 3600 * MICROSECONDS
#: Without a word on who is verified, a public figure has so many followers.
FAMOUS: Final = 1_000_000
#: A shorter name is part of many a word.
SHORTEST_NAME: Final = 5
#: An object's times are further apart than this where there is no other.
_NEVER: Final = 1 << 62

# One step after another, each object by its number: all in one statement, with the names of the objects of
# twenty million actions, needs more memory than DuckDB may have.
_STEPS: Final = (
    """
CREATE VIEW looked_at AS
SELECT kind, object AS name, hash(kind || ' ' || object) AS object, actor, "at", post
FROM acted SEMI JOIN windows USING (kind)
""",
    """
CREATE TABLE theirs AS
SELECT DISTINCT kind, object, actor, "at", hash(post) AS post
FROM looked_at SEMI JOIN wanted ON wanted.asset = looked_at.actor
""",
    """
CREATE TABLE shared AS
SELECT object FROM theirs GROUP BY object HAVING min(actor) <> max(actor)
""",
    """
CREATE TABLE named AS
SELECT kind, object, min(name) AS name
FROM looked_at WHERE object IN (SELECT object FROM shared) GROUP BY kind, object
""",
    """
CREATE TABLE crowds AS
SELECT object, moment, count(*) AS crowd FROM (
    SELECT DISTINCT object, "at" // $moment AS moment, hash(actor) AS actor
    FROM looked_at WHERE object IN (SELECT object FROM shared)
) GROUP BY object, moment
""",
    """
CREATE TABLE made AS
SELECT named.object, min(actor) AS author FROM ({posts}) AS posts JOIN named ON named.name = posts.post
WHERE kind IN ('repost', 'reply', 'reaction') GROUP BY named.object
""",
    """
CREATE TABLE led AS
SELECT object, first(actor ORDER BY "at", actor) AS leader
FROM looked_at SEMI JOIN public ON public.asset = looked_at.actor
WHERE kind NOT IN ('repost', 'reply', 'reaction') AND object IN (SELECT object FROM shared) GROUP BY object
""",
    """
CREATE TABLE bearing AS
SELECT object, first(asset ORDER BY length(word) DESC, asset) AS bearer
FROM named JOIN (FROM public SEMI JOIN made ON made.author = public.asset) AS known
    ON kind = 'hashtag' AND contains(name, word)
GROUP BY object
""",
)
_SHARED: Final = """
SELECT actor AS asset, theirs.kind, object, "at", post, windows.window, "at" // $moment AS moment, crowd,
       coalesce(author, bearer, leader, CASE WHEN theirs.kind = 'reaction' THEN named.name END) AS author
FROM theirs JOIN named USING (object) JOIN windows ON windows.kind = theirs.kind
JOIN crowds ON crowds.object = theirs.object AND crowds.moment = theirs."at" // $moment
LEFT JOIN made USING (object) LEFT JOIN bearing USING (object) LEFT JOIN led USING (object)
ORDER BY 1, 2, 3, 4, 5
"""


def windows_of(layers_dir: Path, *, patient: bool = False) -> dict[str, int]:
    """Return the widest window, in seconds, in which the last detection looked at each kind of action.

    Args:
        layers_dir: Holds `layers.json`.
        patient: With the patient look.
    """
    file = layers_dir / "layers.json"
    widest: dict[str, int] = {}
    for layer, told in (json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}).items():
        if layer in TEMPORAL_LAYERS:
            looks = [told, told.get("slow", {}), told.get("patient", {}) if patient else {}]
            seconds = [look["time_window"] for look in looks if "time_window" in look]
            kind = TEMPORAL_LAYERS[layer]
            if seconds:
                widest[kind] = max(*seconds, widest.get(kind, 0))
    return widest


def public_assets(assets: pl.DataFrame) -> pl.DataFrame:
    """Return those that are verified, have a confirmed owner, or many followers where nothing is said.

    Args:
        assets: `asset`, `name`, `verified`, `confirmed_owner`, `followers`.

    Returns:
        `asset`, `word`: its name as a hashtag has it; null where that is too short to tell.
    """
    famous = pl.coalesce("verified", pl.col("followers") >= FAMOUS, pl.lit(value=False))
    word = pl.col("name").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return (
        assets.filter(famous | pl.col("confirmed_owner").is_not_null())
        .select("asset", word=pl.when(word.str.len_chars() >= SHORTEST_NAME).then(word))
        .sort("asset")
    )


def read_shared(
    actions_dir: Path, assets: pl.Series, windows: Mapping[str, int], public: pl.DataFrame
) -> pl.DataFrame:
    """Return what these assets do to objects that two of them act on; columns `SHARED`.

    Args:
        actions_dir: The action log; may be empty.
        assets: Those in communities.
        windows: Seconds by kind of action; other kinds are not looked at.
        public: Assets that everybody knows, whose links and hashtags others take up: `asset`, `word`.
    """
    posts = [str(path) for path in sorted(actions_dir.glob("posts-*.parquet"))]
    if not any(actions_dir.glob("actions-*.parquet")) or not windows:
        return pl.DataFrame(schema=SHARED)
    made = "SELECT post, actor FROM read_parquet($posts)" if posts else "SELECT '' AS post, '' AS actor"
    with open_database() as database:
        log_of_folder(database, actions_dir)
        database.register("wanted", pl.DataFrame({"asset": assets.unique().sort()}).to_arrow())
        database.register("public", public.to_arrow())
        widths = {"kind": list(windows), "window": [seconds * MICROSECONDS for seconds in windows.values()]}
        database.register("windows", pl.DataFrame(widths).to_arrow())
        # Nobody needs rows in the order of files, and keeping it takes memory.
        database.execute("SET preserve_insertion_order = false")
        for step in _STEPS:
            given = {"$moment": MOMENT, "$posts": posts}
            text = step.format(posts=made)
            database.execute(text, {name[1:]: value for name, value in given.items() if name in text})
        found = database.sql(_SHARED, params={"moment": MOMENT}).to_arrow_table()
    return pl.DataFrame(found).cast(SHARED)


def together(shared: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return what members do within the window of a fellow member's act on the same object.

    Args:
        shared: Columns `SHARED`.
        members: `asset`, `community`; an asset may be in several.

    Returns:
        Columns `TOGETHER`.
    """
    acts = shared.join(members.select("asset", "community"), on="asset").sort(
        "community", "object", "at", "asset", "post"
    )
    gap = pl.min_horizontal(_to_another(1), _to_another(-1))
    return acts.with_columns(gap=gap).filter(pl.col("gap") <= pl.col("window")).select(list(TOGETHER))


def _to_another(step: int) -> pl.Expr:
    """Return the time from the nearest act of somebody else, before (1) or after (-1), of sorted acts.

    Runs of one asset's acts have the same neighbour, so what their first (last) act sees is passed on.
    """
    same = pl.all_horizontal(pl.col(by) == pl.col(by).shift(step) for by in ("community", "object"))
    seen = (
        pl.when(~same.fill_null(value=False))
        .then(pl.lit(-step * _NEVER))
        .when(pl.col("asset") != pl.col("asset").shift(step))
        .then(pl.col("at").shift(step))
    )
    return ((pl.col("at") - (seen.forward_fill() if step > 0 else seen.backward_fill())) * step).alias("gap")
