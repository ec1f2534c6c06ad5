"""Pseudonyms: the hash itself, what counts as equal, and that nothing written holds what was hashed."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypher.progress import silent
from ingest.intake import take_in
from ingest.pseudonyms import ALL, DEFAULT, PLAIN, Pseudonyms, hmac_sha256
from ingest.rejects import RejectFile
from ingest.rejects import frame as reject_frame
from ingest.sources import find_sources

SECRETS = Pseudonyms(frozenset(DEFAULT), b"a key of some length")


@pytest.mark.parametrize(
    ("key", "text", "digest"),
    [  # RFC 4231, test cases 1, 2, 6 and 7: those whose data are text.
        (b"\x0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe",
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 131,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            b"\xaa" * 131,
            "This is a test using a larger than block-size key and a larger than block-size data. The key "
            "needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ],
)
def test_the_vectors_of_rfc_4231(key: bytes, text: str, digest: str) -> None:
    assert hmac_sha256(key, pl.Series([text, None])).to_list() == [f"hmac:{digest[:32]}", None]


@settings(max_examples=25)
@given(st.binary(min_size=1, max_size=100), st.lists(st.text(), max_size=5))
def test_it_is_the_hmac_of_the_standard_library(key: bytes, texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    expected = [f"hmac:{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]}" for text in texts]
    assert hmac_sha256(key, pl.Series(texts, dtype=pl.String)).to_list() == expected


def identifier(kind: str, value: str, pseudonyms: Pseudonyms = SECRETS) -> str:
    frame = pl.DataFrame({"kind": [kind, "domain"], "value": [value, "City.example"]})
    found = pseudonyms.apply("identifiers", frame)
    assert found["value"][1] == "City.example"
    return str(found["value"][0])


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("email", ("Zoë@Mail.Example", " zoë@mail.example")),
        ("phone", ("+49 (30) 555-01", "0049 30 55501", "4930 55501")),
        ("ip", ("2001:DB8::1", "2001:db8::1")),
        ("payment", ("DE02 1203 0000", "de0212030000", "DE02-1203-0000")),
    ],
)
def test_equal_values_join_and_other_kinds_and_keys_do_not(kind: str, values: tuple[str, ...]) -> None:
    (one,) = {identifier(kind, value) for value in values}
    assert len(one) == len("hmac:") + 32
    assert one.startswith("hmac:")
    assert identifier(kind, values[0] + "9") != one
    assert identifier("device", values[0]) != one
    assert identifier(kind, values[0], Pseudonyms(SECRETS.kinds, b"another key")) != one
    assert identifier(kind, one) == one, "what is a pseudonym already stays"


def test_payers_join_whatever_the_case_and_column_and_nothing_else_is_touched() -> None:
    ads = pl.DataFrame(
        {
            "id": ["1", "2", "3"],
            "payer": ["City Voices Ltd", "CITY  VOICES ltd", None],
            "beneficiary": [None, "city voices ltd", ""],
            "disclaimer": ["Paid for by City Voices Ltd"] * 3,
            "text": ["City Voices Ltd"] * 3,
            "x_sponsor_name": ["City Voices Ltd"] * 3,
            "x_note": ["City Voices Ltd"] * 3,
        }
    )
    found = SECRETS.apply("ads", ads)
    (payer,) = {found["payer"][0], found["payer"][1], found["beneficiary"][1], found["x_sponsor_name"][2]}
    assert payer.startswith("hmac:")
    assert found["payer"][2] is None
    assert found["disclaimer"].str.starts_with("hmac:").all()
    assert found["disclaimer"][0] != payer
    for untouched in ("id", "text", "x_note"):
        assert found[untouched].equals(ads[untouched])
    only_mail = Pseudonyms(frozenset({"email"}), b"k")
    assert only_mail.apply("ads", ads).equals(ads)
    assert PLAIN.apply("ads", ads).equals(ads)


def test_all_kinds_can_be_hashed_and_what_has_no_form_is_hashed_as_it_stands() -> None:
    every = Pseudonyms(frozenset(ALL), b"key")
    for kind in ALL:
        if kind != "payer":
            frame = pl.DataFrame({"kind": [kind] * 2, "value": ["()", "--"]})
            one, two = every.apply("identifiers", frame)["value"]
            assert one.startswith("hmac:")
            assert two.startswith("hmac:")
            assert one != two


def test_the_mark_tells_kinds_and_keys_apart_and_holds_no_key() -> None:
    others = (Pseudonyms(SECRETS.kinds, b"other"), Pseudonyms(frozenset({"email"}), SECRETS.key))
    marks = {pseudonyms.mark for pseudonyms in (PLAIN, SECRETS, *others)}
    assert len(marks) == 4
    assert PLAIN.mark == ""
    assert "a key of" not in SECRETS.mark + repr(SECRETS) + str(SECRETS)


def test_rejects_withhold_what_could_be_hashed() -> None:
    rejects = reject_frame(
        [(1, None, "raw,mail@x.example", "broken"), (2, "value", "mail", "long"), (3, "id", "7e5", "cut"),
         (4, "payer", "Somebody", "long")]
    )  # fmt: skip
    assert SECRETS.withhold("identifiers", rejects)["value"].to_list() == [None] * 4
    assert SECRETS.withhold("ads", rejects)["value"].to_list() == [None, "mail", "7e5", None]
    assert SECRETS.withhold("pages", rejects)["value"].to_list() == [None, "mail", "7e5", "Somebody"]
    assert PLAIN.withhold("ads", rejects).equals(rejects)
    assert SECRETS.withhold("ads", rejects).drop("value").equals(rejects.drop("value"))


IDENTIFIERS = (
    "asset_kind,asset_id,kind,value,first_seen,x_email\n"
    "page,1,email,secret@mail.example,,secret@mail.example\n"
    "page,2,email,SECRET@mail.example,,\n"
    "page,3,e-mail,secret@mail.example,,\n"
    "page,4,email,secret@mail.example,never,\n"
    "page,5,phone,secret@mail.example,extra,cells,here\n"
    f"page,6,email,secret@mail.example{'x' * 600},,\n"
    "page,7,domain,public.example,,\n"
    'page,8,email,"secret@mail.example,,\n'
)
ADS = (
    "id,page_id,payer,beneficiary,disclaimer,currency,spend_lower\n"
    "1,1,secret@mail.example,secret@mail.example,Paid by secret@mail.example,USD,1\n"
    f"2,1,{'secret@mail.example' * 60},,,USD,1\n"
    "3,1,secret@mail.example,,,,1\n"
    "4,1,secret@mail.example\n"
)


def test_nothing_that_is_staged_or_rejected_holds_what_was_hashed(tmp_path: Path) -> None:
    (tmp_path / "identifiers.csv").write_text(IDENTIFIERS)
    (tmp_path / "ads.csv").write_text(ADS)
    out = tmp_path / "out"
    for source in find_sources([tmp_path]).sources:
        (work := out / source.table).mkdir(parents=True)
        with RejectFile(out / f"{source.table}.ndjson") as rejected:
            intake = take_in(source, work, rejected, silent, SECRETS)
        (table,) = intake.tables
        assert table.rows_in == table.loaded + table.merged + table.rejected
        assert table.rejected == {"identifiers": 5, "ads": 3}[source.table]
        if source.table == "identifiers":
            rows = pl.read_parquet(intake.staged["identifiers"].path)
            assert rows["value"][0] == rows["value"][1] == rows["x_email"][0]
            assert rows["value"][2] == "public.example"
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) == 4
    for path in written:
        text = path.read_bytes()
        if path.suffix == ".parquet":
            text = str(pl.read_parquet(path).rows()).encode() + text
        assert b"secret@mail" not in text.lower(), path
