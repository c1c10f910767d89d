"""The GSM default alphabet against 3GPP TS 23.038 and against a codec we did not write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import gsm as other

from textfirst.protocols import gsm7

BASIC = gsm7.ALPHABET.replace("\ufffe", "")
EVERYTHING = BASIC + "".join(gsm7.EXTENSION.values())


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("", ""),
        ("@", "00"),
        ("£$¥", "010203"),
        ("Ç", "09"),
        ("\n\r", "0a0d"),
        ("Δ_ΦΓΛΩΠΨΣΘΞ", "101112131415161718191a"),
        ("ÆæßÉ", "1c1d1e1f"),
        ("¤", "24"),
        ("¡ÄÖÑÜ§", "405b5c5d5e5f"),
        ("¿äöñüà", "607b7c7d7e7f"),
        ("\f^{}\\[~]|€", "1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65"),
        ("5 € or 6", "35201b65206f722036"),
    ],
)
def test_alphabet(text: str, octets: str) -> None:
    assert gsm7.encode(text).hex() == octets
    assert gsm7.decode(bytes.fromhex(octets)) == text


@pytest.mark.parametrize("character", ["ç", "ё", "\x00", "\x1b", "`", "“", "\ufffe", "\u20ad", "😀", "\ud800"])
def test_characters_outside_are_refused(character: str) -> None:
    with pytest.raises(UnicodeEncodeError) as refused:
        gsm7.encode("ok " + character)
    assert refused.value.start == 3
    assert gsm7.encode_lossy("ok " + character + "€") == b"ok ?\x1be"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("1b41", "A"),  # not in the extension table: the main table's character
        ("1b1b", " "),  # reserved for another extension table: a space
        ("411b", "A "),  # nothing follows
        ("1b00", "@"),
        ("1bff", "\ufffd"),
        ("80ff", "\ufffd\ufffd"),
        ("1b1b65", " e"),
    ],
)
def test_tolerant_reading(octets: str, text: str) -> None:
    assert gsm7.decode(bytes.fromhex(octets)) == text


@given(st.text(EVERYTHING))
def test_what_is_written_is_read_back(text: str) -> None:
    assert gsm7.decode(gsm7.encode(text)) == text


@given(st.binary())
def test_any_octets_can_be_read(octets: bytes) -> None:
    assert len(gsm7.decode(octets)) <= len(octets)


@given(st.text([character for character in EVERYTHING if character not in "§\f"]))  # smpplib lacks these two
def test_agrees_with_smpplib(text: str) -> None:
    assert gsm7.encode(text) == other.gsm_encode(text)
