"""Copies of inbound texts after a lost session, and texts that only look like copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textfirst.engine.intake import REPEATS_FOR, Repeats
from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.pdus import Address

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def frame(body: bytes, sequence: int = 1) -> bytes:
    return build.deliver_sm(sequence, source=Address(1, 1, "3069"), destination=Address(1, 1, "10001"), short_message=body)


def test_each_stored_text_absorbs_one_copy() -> None:
    repeats = Repeats()
    repeats.expect([frame(b"ok"), frame(b"ok", 2) + frame(b"second part", 3)], 0)
    assert [repeats.is_repeat(frame(body, 9), 1) for body in (b"ok", b"ok", b"ok", b"second part", b"new")] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_after_a_while_nothing_is_a_copy_any_more() -> None:
    repeats = Repeats()
    repeats.expect([frame(b"ok")], 0)
    assert not repeats.is_repeat(frame(b"ok"), REPEATS_FOR + 1)
    assert not repeats.is_repeat(frame(b"ok"), 1)


def test_doubt_begins_with_the_oldest_acknowledgement_that_may_be_lost() -> None:
    repeats = Repeats()
    repeats.acknowledged(2, NOW, 0)
    repeats.acknowledged(3, NOW + timedelta(seconds=1), 2)
    repeats.acknowledged(1, NOW + timedelta(seconds=2), 2)
    assert repeats.doubtful_since(None) == NOW + timedelta(seconds=1)
    assert repeats.doubtful_since(None) is None


def test_with_everything_proven_there_is_no_doubt() -> None:
    repeats = Repeats()
    repeats.acknowledged(2, NOW, 0)
    repeats.proven(2)
    assert repeats.doubtful_since(None) is None


def test_a_transaction_of_unknown_end_and_a_dead_holder_are_doubted_too() -> None:
    repeats = Repeats()
    repeats.in_doubt(NOW)
    assert repeats.doubtful_since(NOW - timedelta(seconds=5)) == NOW - timedelta(seconds=5)
    assert repeats.doubtful_since(None) is None


def test_raw_bytes_that_are_no_frames_are_left_alone() -> None:
    repeats = Repeats()
    repeats.expect([b"", b"\0" * 40, b"\0\0\0\x20short"], 0)
    assert not repeats.is_repeat(frame(b"ok"), 1)
