"""Cutting a text into parts: capacities of 3GPP TS 23.040, and nothing visible is ever cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm as other

from textfirst.core.errors import InvalidInput
from textfirst.protocols import gsm7
from textfirst.protocols.graphemes import is_boundary
from textfirst.protocols.sms import Alphabet, Choice, Default, Foreign, Segments, cut, plan
from textfirst.protocols.text import storable

GSM = gsm7.ALPHABET.replace("\ufffe", "") + "".join(gsm7.EXTENSION.values())
FAMILY = "👨‍👩‍👧‍👦"  # 11 UTF-16 units, seen as one
FLAG = "🇬🇷"
gsm_texts = st.text(GSM, max_size=1000)
any_texts = st.lists(
    st.one_of(st.characters(), st.sampled_from(["👩‍🚀", FLAG, FAMILY, "é", "ﷺ", "क्षि", "👍🏽", "\ud83d"])), max_size=300
).map("".join)


@pytest.mark.parametrize(
    ("text", "wide", "alphabet", "parts", "used", "left"),
    [
        ("", False, Alphabet.GSM7, 1, 0, 160),
        ("a" * 160, False, Alphabet.GSM7, 1, 160, 0),
        ("a" * 161, False, Alphabet.GSM7, 2, 161, 145),
        ("a" * 306, False, Alphabet.GSM7, 2, 306, 0),
        ("a" * 307, False, Alphabet.GSM7, 3, 307, 152),
        ("a" * 304, True, Alphabet.GSM7, 2, 304, 0),
        ("a" * 305, True, Alphabet.GSM7, 3, 305, 151),
        ("€" * 80, False, Alphabet.GSM7, 1, 160, 0),
        ("€" * 81, False, Alphabet.GSM7, 2, 162, 143),  # the 77th does not fit in 153, so 152 + 10
        ("ё" * 70, False, Alphabet.UCS2, 1, 70, 0),
        ("ё" * 71, False, Alphabet.UCS2, 2, 71, 63),
        ("ё" * 134, False, Alphabet.UCS2, 2, 134, 0),
        ("ё" * 133, True, Alphabet.UCS2, 3, 133, 65),
        ("😀" * 35, False, Alphabet.UCS2, 1, 70, 0),
        ("😀" * 36, False, Alphabet.UCS2, 2, 72, 61),  # 33 emoji are 66 units; the 67th unit stays empty
    ],
)
def test_plan(text: str, wide: bool, alphabet: Alphabet, parts: int, used: int, left: int) -> None:
    planned = plan(text, wide_reference=wide)
    assert (planned.alphabet, planned.parts, planned.used, planned.left) == (alphabet, parts, used, left)
    assert len(cut(text, wide_reference=wide).bodies) == parts


def test_names_what_forced_unicode() -> None:
    assert plan("naïve — ï\x01").foreign == (
        Foreign("ï", "LATIN SMALL LETTER I WITH DIAERESIS", 2),
        Foreign("—", "EM DASH", 6),
        Foreign("\x01", "U+0001", 9),
    )
    assert plan("plain €").foreign == ()
    assert plan("ï", choice=Choice.UNICODE).foreign == ()


def test_choices() -> None:
    assert plan("abc", choice=Choice.UNICODE) == Segments(Alphabet.UCS2, 1, 3, 67, ())
    forced = plan("aëb", choice=Choice.GSM7)
    assert (forced.alphabet, forced.parts, [one.character for one in forced.foreign]) == (Alphabet.GSM7, 1, ["ë"])
    assert cut("aëb", choice=Choice.GSM7).bodies == (b"a?b",)


@pytest.mark.parametrize(
    ("text", "default", "alphabet", "body"),
    [
        ("é{", Default.LATIN1, Alphabet.GSM7, b"\xe9{"),
        ("5 €", Default.LATIN1, Alphabet.UCS2, "5 €".encode("utf-16-be")),  # Latin-1 has no euro sign
        ("ê", Default.LATIN1, Alphabet.UCS2, "ê".encode("utf-16-be")),  # in Latin-1, yet not on the air
        ("a@b", Default.ASCII, Alphabet.GSM7, b"a@b"),
        ("é", Default.ASCII, Alphabet.UCS2, "é".encode("utf-16-be")),
    ],
)
def test_carriers_whose_default_is_not_gsm(text: str, default: Default, alphabet: Alphabet, body: bytes) -> None:
    parts = cut(text, default=default)
    assert (parts.alphabet, parts.bodies) == (alphabet, (body,))
    assert plan(text, default=default).alphabet is alphabet


def test_room_of_a_latin1_carrier_is_counted_in_septets() -> None:
    assert plan("{" * 81, default=Default.LATIN1).parts == 2
    assert cut("{" * 81, 1, default=Default.LATIN1).bodies[0] == b"\x05\x00\x03\x01\x02\x01" + b"{" * 76


def test_headers() -> None:
    assert [body[:6].hex() for body in cut("a" * 200, 0xAB).bodies] == ["050003ab0201", "050003ab0202"]
    assert [body[:7].hex() for body in cut("a" * 200, 0xABCD, wide_reference=True).bodies] == ["060804abcd0201", "060804abcd0202"]
    assert not cut("a" * 160).headed
    with pytest.raises(ValueError, match="256"):
        cut("a" * 200, 256)


@pytest.mark.parametrize("unit", [FAMILY, FLAG, "👍🏽", "ё" + "\u0301", "\u1100\u1161\u11a8", "क्षि", "€"])
@pytest.mark.parametrize("offset", range(12))
def test_what_is_seen_as_one_is_never_cut(unit: str, offset: int) -> None:
    text = "x" * offset + unit * 100
    bodies = cut(text, 1).bodies
    codec = "utf-16-be" if cut(text, 1).alphabet is Alphabet.UCS2 else None
    texts = [body[6:].decode(codec) if codec else gsm7.decode(body[6:]) for body in bodies]
    assert "".join(texts) == text
    assert all(len(part.lstrip("x")) % len(unit) == 0 for part in texts)


def test_a_visible_character_longer_than_a_part_is_still_sent() -> None:
    heap = "e" + "\u0301" * 300
    bodies = cut(heap, 1).bodies
    assert b"".join(body[6:] for body in bodies).decode("utf-16-be") == heap
    assert len(bodies) == 5


def test_too_long() -> None:
    assert plan("a" * 153 * 255).parts == 255
    for text in ("a" * (153 * 255 + 1), "ё" * (67 * 255 + 1)):
        with pytest.raises(InvalidInput) as refused:
            plan(text)
        assert refused.value.code == "text_too_long"


@given(st.one_of(gsm_texts, any_texts), st.sampled_from(Choice), st.sampled_from(Default), st.booleans())
def test_parts_fit_agree_with_the_plan_and_join_to_the_text(text: str, choice: Choice, default: Default, wide: bool) -> None:
    parts = cut(text, 200, choice=choice, default=default, wide_reference=wide)
    planned = plan(text, choice=choice, default=default, wide_reference=wide)
    assert (planned.alphabet, planned.parts) == (parts.alphabet, len(parts.bodies))
    header = (7 if wide else 6) if parts.headed else 0
    bodies = [body[header:] for body in parts.bodies]
    joined = b"".join(bodies)
    if parts.alphabet is Alphabet.UCS2:
        assert joined.decode("utf-16-be") == storable(text)
        assert all(len(body) <= 140 for body in parts.bodies)
        for body in bodies:
            body.decode("utf-16-be")  # stands alone
    else:
        read = gsm7.decode(joined) if default is Default.GSM7 else joined.decode(default.value)
        assert choice is Choice.GSM7 or read == text
        room = {0: 160, 6: 153, 7: 152}[header]
        assert all(
            len(gsm7.encode(gsm7.decode(body) if default is Default.GSM7 else body.decode(default.value))) <= room for body in bodies
        )


@given(gsm_texts.filter(lambda text: len(text) < 200))
def test_number_of_parts_agrees_with_smpplib(text: str) -> None:
    theirs, _coding, _flag = other.make_parts(text)
    if "€" not in text and gsm7.encode(text).isascii() and b"\x1b" not in gsm7.encode(text):  # theirs counts an escape pair as it falls
        assert len(cut(text).bodies) == len(theirs)


@pytest.mark.parametrize(
    ("text", "index", "boundary"),
    [
        ("ab", 1, True),
        ("ab", 0, True),
        ("ab", 2, True),
        ("e\u0301", 1, False),
        ("👩\u200d🚀", 1, False),
        ("👩\u200d🚀", 2, False),
        ("👍🏽", 1, False),
        (FLAG + FLAG, 1, False),
        (FLAG + FLAG, 2, True),
        (FLAG + FLAG, 3, False),
        ("a" + FLAG, 1, True),
        ("क्ष", 2, False),
        ("عم", 1, True),
        ("ع" + "\u064e", 1, False),
    ],
)
def test_boundaries(text: str, index: int, boundary: bool) -> None:
    assert is_boundary(text, index) is boundary
