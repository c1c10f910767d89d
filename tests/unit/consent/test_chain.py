"""The chain's arithmetic: every leaf has a path, every difference another root, and rows are cut in one way only."""

from __future__ import annotations

import runpy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from textfirst.consent.rules import chain

VERIFIER = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[3] / "docs" / "reference" / "verify_evidence.py")))
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


@given(LEAVES, st.data())
def test_every_leaf_climbs_to_the_root_and_no_other_does(leaves, data):
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = chain.path(leaves, place)
    assert chain.climbed(leaves[place], steps) == chain.root(leaves)
    assert chain.climbed(b"another leaf", steps) != chain.root(leaves)
    assert len(steps) <= 6


@given(LEAVES, st.data())
def test_another_order_is_another_root(leaves, data):
    other = data.draw(st.permutations(leaves))
    assert (chain.root(other) == chain.root(leaves)) is (other == leaves)


@given(st.lists(st.none() | st.text(max_size=6), min_size=2, max_size=4), st.lists(st.none() | st.text(max_size=6), min_size=2, max_size=4))
def test_two_rows_that_differ_have_two_leaves(one, other):
    assert (chain.leaf(one) == chain.leaf(other)) is (one == other)


def test_a_seal_covers_all_it_says():
    link = chain.Link(UUID(int=1), 3, 5, bytes(32), b"\x01" * 32, datetime(2026, 11, 22, tzinfo=UTC))
    others = [
        replace(link, workspace_id=UUID(int=2)), replace(link, number=4), replace(link, entries=6), replace(link, root=b"\x02" * 32),
        replace(link, previous=bytes(32)), replace(link, sealed_at=link.sealed_at + timedelta(microseconds=1)),
    ]  # fmt: skip
    assert len({link.seal(), *(other.seal() for other in others)}) == 7


# ── what was sealed once has to hold for ever, by the words of the reference ───────────────────────────────


def test_c1_the_names_and_their_order_are_those_that_others_verify_by():
    assert (chain.FIELDS, chain.PERSONAL) == (VERIFIER.FIELDS, VERIFIER.PERSONAL)


def test_c1_the_bytes_that_are_hashed_stay_what_they_are():
    assert chain.digest(b"salt", ["+12125550123", "نعم", ""]) == sha256(b"salt12:+12125550123,6:\xd9\x86\xd8\xb9\xd9\x85,0:,").digest()
    assert chain.leaf(["id", None, ""]) == sha256(b"\x002:id,-,0:,").digest()
    assert chain.root([b"a", b"b", b"c"]) == sha256(b"\x01" + sha256(b"\x01ab").digest() + b"c").digest()
    assert chain.text_hash("نعم") == sha256(b"\xd9\x86\xd8\xb9\xd9\x85").digest()
    assert chain.microseconds(datetime(2026, 11, 22, 12, 0, 0, 1, tzinfo=UTC)) == 1_795_348_800_000_001


def test_c1_the_first_seal_holds_on_to_thirty_two_zeroes():
    link = chain.Link(UUID(int=1), 1, 2, b"\x01" * 32, chain.NOTHING_BEFORE, datetime(1970, 1, 1, tzinfo=UTC))
    row = f"36:00000000-0000-0000-0000-000000000001,1:1,1:2,64:{'01' * 32},64:{'00' * 32},1:0,"
    assert link.seal() == sha256(b"\x02" + row.encode()).digest()


def test_c1_the_path_of_an_entry_says_on_which_side_its_neighbours_stand():
    ab, cd = sha256(b"\x01ab").digest(), sha256(b"\x01cd").digest()
    assert chain.path([b"a", b"b", b"c", b"d", b"e"], 1) == [("left", b"a"), ("right", cd), ("right", b"e")]
    assert chain.path([b"a", b"b", b"c", b"d", b"e"], 2) == [("right", b"d"), ("left", ab), ("right", b"e")]
    assert chain.path([b"a", b"b", b"c", b"d", b"e"], 4) == [("left", sha256(b"\x01" + ab + cd).digest())]


def test_c1_who_does_not_trust_us_comes_to_the_same_root_and_seal():
    person = {
        "salt": "ab" * 32,
        "address": "+12125550123",
        "words": "YES",
        "origin": "",
        "ip": "192.0.2.7",
        "user_agent": "",
        "note": "أوافق",
    }
    digest = chain.digest(b"\xab" * 32, [person[name] for name in chain.PERSONAL])
    fields = {name: f"{name} أ" for name in chain.FIELDS} | {
        "keyword": None,
        "text_hash": chain.text_hash("shown").hex(),
        "digest": digest.hex(),
    }
    leaves = [chain.leaf(["other"]), chain.leaf([fields[name] for name in chain.FIELDS]), chain.leaf(["third"])]
    link = chain.Link(UUID(int=7), 1, 3, chain.root(leaves), chain.NOTHING_BEFORE, datetime(2026, 11, 22, tzinfo=UTC))
    seal = {
        "number": 1, "entries": 3, "root": link.root.hex(), "previous": link.previous.hex(), "seal": link.seal().hex(),
        "sealed_at": str(chain.microseconds(link.sealed_at)),
    }  # fmt: skip
    path = [{"side": side, "hash": beside.hex()} for side, beside in chain.path(leaves, 1)]
    entry = {"fields": fields, "personal": person, "shown": "shown", "proof": {"seal": 1, "path": path}}
    assert list(VERIFIER.check_entry(entry, {1: seal})) == []
    assert list(VERIFIER.check_seals(str(link.workspace_id), [seal])) == []
