from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.accounts.rules import KEY_BYTES, is_key, leaves_no_owner, may_give, place_problems, secret_hash, write_key
from textfirst.accounts.types import KeyKind, Role

OWNER, ADMIN, AGENT, VIEWER = Role.OWNER, Role.ADMIN, Role.AGENT, Role.VIEWER


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.sampled_from(KeyKind))
def test_every_key_has_the_form_that_scanners_look_for(random, kind):
    key = write_key(kind, random)
    assert re.fullmatch(rf"tf_{kind.value}_[0-9A-Za-z]{{39}}", key)
    assert is_key(key)


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.integers(8, 46))
def test_a_key_with_one_letter_changed_is_none(random, place):
    key = write_key(KeyKind.LIVE, random)
    other = "a" if key[place] != "a" else "b"
    assert not is_key(key[:place] + other + key[place + 1 :])


def test_a_live_key_cannot_be_called_a_test_key():
    key = write_key(KeyKind.LIVE, bytes(KEY_BYTES))
    assert not is_key(key.replace("live", "test"))


def test_two_keys_of_different_bits_differ_also_where_leading_bits_are_zero():
    assert write_key(KeyKind.LIVE, bytes(KEY_BYTES)) != write_key(KeyKind.LIVE, bytes(KEY_BYTES - 1) + b"\x01")


@pytest.mark.parametrize("text", ["", "tf_live_", "tf_live_" + "0" * 38, "tf_royal_" + "0" * 39, "x" * 47, "tf_live_" + "é" * 39])
def test_what_is_no_key(text):
    assert not is_key(text)


def test_what_is_stored_of_a_secret():
    assert secret_hash("secret").hex() == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"


@pytest.mark.parametrize(
    ("giver", "role", "allowed"),
    [
        (OWNER, OWNER, True),
        (OWNER, VIEWER, True),
        (ADMIN, ADMIN, True),
        (ADMIN, OWNER, False),
        (AGENT, VIEWER, False),
        (VIEWER, VIEWER, False),
    ],
)
def test_who_may_give_what(giver, role, allowed):
    assert may_give(giver, role) is allowed


@pytest.mark.parametrize(
    ("was", "becomes", "others", "leaves_none"),
    [
        (OWNER, None, [], True),
        (OWNER, ADMIN, [ADMIN, AGENT], True),
        (OWNER, ADMIN, [OWNER], False),
        (OWNER, OWNER, [], False),
        (ADMIN, None, [], False),
        (AGENT, OWNER, [], False),
    ],
)
def test_the_last_owner(was, becomes, others, leaves_none):
    assert leaves_no_owner(others, was=was, becomes=becomes) is leaves_none


@pytest.mark.parametrize(("higher", "lower"), [(OWNER, ADMIN), (ADMIN, AGENT), (AGENT, VIEWER)])
def test_a_role_covers_those_below_it_and_itself(higher, lower):
    assert (higher.covers(lower), higher.covers(higher), lower.covers(higher)) == (True, True, False)


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"country": "GR", "time_zone": "Europe/Athens", "language": "el", "languages": ["el", "pt-BR"]}, []),
        ({"country": "gr"}, ["country"]),
        ({"country": "GRE"}, ["country"]),
        ({"time_zone": "europe/athens"}, ["time_zone"]),
        ({"language": "fr"}, ["language"]),
        ({"languages": ["english"]}, ["languages"]),
        ({"languages": [""]}, ["languages"]),
        ({}, []),
    ],
)
def test_places(given, problems):
    assert list(place_problems(**given)) == problems
