from __future__ import annotations

import itertools

import pytest

from textfirst.core.languages import ar
from textfirst.messages.rules.reasons import REASONS, UNKNOWN_REASON, read_reason
from textfirst.messages.rules.status import STATUSES_SHOWN_AS, combined, next_status, shown, with_part
from textfirst.messages.types import Shown, Status

S = Status


@pytest.mark.parametrize(
    ("current", "reported", "stored"),
    [
        (S.QUEUED, S.ACCEPTED, S.ACCEPTED),
        (S.DELIVERED, S.ACCEPTED, S.DELIVERED),  # late receipt
        (S.DELIVERED, S.UNDELIVERABLE, S.DELIVERED),  # contradiction: the phone had it
        (S.UNKNOWN, S.DELIVERED, S.DELIVERED),  # our own doubt yields to a real receipt
        (S.UNKNOWN, S.ENROUTE, S.UNKNOWN),
        (S.FAILED, S.UNDELIVERABLE, S.UNDELIVERABLE),
        (S.CANCELLED, S.DELIVERED, S.DELIVERED),  # it had left after all
        (S.DELIVERED, S.READ, S.READ),
        (S.DEFERRED, S.QUEUED, S.QUEUED),
    ],
)
def test_next_status(current, reported, stored):
    assert next_status(current, reported) is stored


def test_a_filter_by_what_people_see_finds_the_statuses_they_see_so():
    assert {status for seen in Shown for status in STATUSES_SHOWN_AS[seen]} == set(Status)
    assert all(shown(status) is seen for seen in Shown for status in STATUSES_SHOWN_AS[seen])


def test_receipts_in_any_order_end_the_same():
    for order in itertools.permutations([S.ACCEPTED, S.ENROUTE, S.UNKNOWN, S.DELIVERED, S.DELIVERED]):
        status = S.QUEUED
        for reported in order:
            status = next_status(status, reported)
        assert status is S.DELIVERED


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([S.DELIVERED, S.DELIVERED, S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.ENROUTE, S.DELIVERED], S.ENROUTE),
        ([S.DELIVERED, S.QUEUED], S.QUEUED),
        ([S.ACCEPTED, S.ENROUTE], S.ACCEPTED),
        ([S.DELIVERED, S.UNDELIVERABLE], S.UNDELIVERABLE),
        ([S.UNKNOWN, S.REJECTED, S.ACCEPTED], S.REJECTED),
        ([S.READ, S.DELIVERED], S.DELIVERED),
        ([S.READ, S.READ], S.READ),
        ([S.DELIVERED], S.DELIVERED),
    ],
)
def test_parts_make_one_status(parts, whole):
    assert combined(parts) is whole


def test_part_receipts_in_any_order():
    reports = [(1, S.ACCEPTED), (2, S.ACCEPTED), (3, S.ACCEPTED), (1, S.DELIVERED), (2, S.DELIVERED), (3, S.DELIVERED)]
    for order in itertools.permutations(reports):
        parts: list[int] | None = None
        for part, reported in order:
            parts = with_part(parts, 3, part, reported)
            assert len(parts) == 3
        assert parts is not None
        assert combined(parts) is S.DELIVERED


def test_every_status_is_shown_as_something():
    assert {status: shown(status).word for status in Status} == {
        S.DEFERRED: "waiting", S.QUEUED: "waiting", S.CLAIMED: "waiting", S.SUBMITTED: "waiting", S.ACCEPTED: "sent", S.ENROUTE: "sent",
        S.UNKNOWN: "not_delivered", S.FAILED: "not_delivered", S.EXPIRED: "not_delivered", S.REJECTED: "not_delivered",
        S.UNDELIVERABLE: "not_delivered", S.SUPPRESSED: "not_sent", S.CANCELLED: "not_sent", S.DELIVERED: "delivered", S.READ: "read",
        S.RECEIVED: "received",
    }  # fmt: skip
    assert {shown(status) for status in Status} == set(Shown)


@pytest.mark.parametrize(
    ("stored", "code", "detail"),
    [
        ("stopped", "stopped", ""),
        ("carrier_refused:0x00000045", "carrier_refused", "0x00000045"),
        ("undeliverable:err 001", "undeliverable", "err 001"),
    ],
)
def test_reasons(stored, code, detail):
    reason = read_reason(stored)
    assert reason is not None
    assert (reason.code, reason.text, reason.detail) == (code, REASONS[code], detail)


def test_every_reason_is_said_in_arabic_too():
    assert {*REASONS.values(), UNKNOWN_REASON} - ar.SENTENCES.keys() == set()


def test_no_reason_and_an_unheard_of_one():
    assert read_reason(None) is None
    assert read_reason("") is None
    reason = read_reason("odd")
    assert reason is not None
    assert reason.text
