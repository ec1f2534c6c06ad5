"""The files that `cib watch` takes."""

from pathlib import Path

import pytest

from cibgraph.watching import read_assets
from cypher.errors import UsageError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "operation_id,platform,kind,id,note\nOP-1,Telegram,Account,-100,why\nOP-1,,page, 7 ,\n"),
        ("a.csv", "note,key\nwhy,telegram:account:-100\n,facebook:page:7\n"),
        (
            "a.ndjson",
            '{"platform":"telegram","kind":"account","id":"-100","note":"why"}\n{"kind":"page","id":"7"}\n',
        ),
        ("a.txt", "# suspects\ntelegram:account:-100  why\n\nfacebook:page:7\n"),
    ],
)
def test_assets_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_assets(tmp_path / name).rows() == [
        ("telegram:account:-100", "why"),
        ("facebook:page:7", None),
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "a.csv",
            "id,kind\n1,page\n2,person\n,page\n",
            "2 rows of .*a.csv:3: facebook:person:2; .*a.csv:4: nothing",
        ),
        ("a.csv", "name,url\nx,y\n", "has the columns name, url$"),
        ("a.txt", "facebook:page:1\njust a word\n", "1 row of .*a.txt:2: just"),
        ("missing.csv", None, "no such file"),
    ],
)
def test_what_is_no_asset_is_named(tmp_path: Path, name: str, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=told):
        read_assets(tmp_path / name)
