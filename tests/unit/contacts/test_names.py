"""Text of people: cleaned, folded, searched."""

from __future__ import annotations

import pytest

from textfirst.contacts.rules.names import attribute_key, clean, clean_name, fold, is_attribute_key, search_patterns, search_text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Anna ", "Anna"),
        ("A\x00n\x07na", "Anna"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("line\nline", "line\nline"),
        ("\ud800x", "x"),
        ("\u00a0Anna\u00a0", "Anna"),
    ],
)
def test_clean(given, kept):
    assert clean(given) == kept


def test_a_name_is_one_line():
    assert clean_name("Anna \n Maria\t P.") == "Anna Maria P."


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Nguyễn Đức", "nguyen duc"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Γιώργος", "γιωργοσ"),
        ("ΓΙΏΡΓΟΣ", "γιωργος"),
        ("أَحْمَد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("Straße", "strasse"),
        ("İZEL", "izel"),
    ],
)
def test_folded_alike(written, typed):
    assert fold(written) == fold(typed)


def test_search_text_holds_names_and_numbers():
    assert search_text("Đức", "Nguyễn", ["+84901234567", "+30694"]) == "duc nguyen +30694 +84901234567"
    assert search_text("", "", ["+1"]) == "+1"


@pytest.mark.parametrize(
    ("query", "patterns"),
    [
        ("Nguyễn  đức", ["%nguyen%", "%duc%"]),
        ("090 123-45", ["%9012345%"]),
        ("+84 90", ["%+8490%"]),
        ("٠٩٠١", ["%901%"]),
        ("0", ["%0%"]),
        ("100%_\\", ["%100\\%\\_\\\\%"]),
        ("", []),
        ("  ", []),
    ],
)
def test_what_is_searched(query, patterns):
    assert search_patterns(query) == patterns


@pytest.mark.parametrize(
    ("words", "key"),
    [("Shoe size", "shoe_size"), ("  City! ", "city"), ("2nd", "f_2nd"), ("Πόλη", "πόλη"), ("***", ""), ("a" * 99, "a" * 60)],
)
def test_attribute_key(words, key):
    assert attribute_key(words) == key
    assert key == "" or is_attribute_key(key)
