from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.ids import earliest_id
from textfirst.core.purposes import Delivery, Lane, Purpose
from textfirst.decisions.types import Code, Decision, Facts, Stamp, Verdict, told
from textfirst.messages.rules.composing import Composed
from textfirst.messages.rules.sending import (
    asked_of,
    bounds,
    check_key,
    fingerprint,
    fingerprint_of,
    outgoing,
    read_anchor,
    read_purpose,
    refusal,
    repeated,
    shown_outgoing,
    shown_own,
)
from textfirst.messages.types import BatchItem, Encoding, Flag, Own, SendRequest, Status

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FACTS = Facts(UUID(int=1), UUID(int=2), "tel", "+302101234567", None, None, 5, 3)


def made(decision: Decision, **more):
    return outgoing(
        earliest_id(NOON), facts=FACTS, decision=decision, composed=Composed("Hi", Encoding.GSM7, 1, ()), channel_id=UUID(int=3),
        purpose=Purpose.CODE, not_before=NOON, not_after=NOON + HOUR, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "status", "not_before"),
    [
        (Decision(Verdict.ALLOW, Stamp(5, 3)), Status.QUEUED, NOON),
        (told(Verdict.DEFER, Code.SCHEDULED, Stamp(5, 3), until=NOON + HOUR), Status.DEFERRED, NOON + HOUR),
        (told(Verdict.BLOCK, Code.STOPPED, Stamp(5, 3)), Status.SUPPRESSED, NOON),
    ],
)
def test_a_decision_makes_a_message(decision, status, not_before):
    message = made(decision)
    assert (message.status, message.not_before, message.reason, message.stamp) == (status, not_before, decision.reason or None, Stamp(5, 3))
    assert (message.lane, message.delivery, message.address, message.body) == (Lane.URGENT, Delivery.AT_LEAST_ONCE, "+302101234567", "Hi")


def test_refusal_carries_the_reason():
    assert refusal(Decision(Verdict.ALLOW, Stamp(1, 1))) is None
    assert refusal(told(Verdict.DEFER, Code.SCHEDULED)) is None
    refused = refusal(told(Verdict.BLOCK, Code.STOPPED))
    assert refused is not None
    assert (refused.code, "stop" in refused.message) == ("stopped", True)


@pytest.mark.parametrize(
    ("given", "begin", "end"),
    [
        ({}, NOON, NOON + timedelta(minutes=10)),
        ({"valid_for": 60}, NOON, NOON + timedelta(seconds=60)),
        ({"send_at": NOON + HOUR}, NOON + HOUR, NOON + HOUR + timedelta(minutes=10)),
        ({"send_at": NOON - HOUR}, NOON, NOON + timedelta(minutes=10)),
    ],
)
def test_bounds(given, begin, end):
    assert bounds(Purpose.CODE, NOON, **given) == (begin, end)


@pytest.mark.parametrize("send_at", [datetime(2026, 11, 22, 18), NOON + timedelta(days=400)])  # noqa: DTZ001 - the case
def test_impossible_times(send_at):
    with pytest.raises(InvalidInput) as refused:
        bounds(Purpose.CODE, NOON, send_at=send_at)
    assert list(refused.value.fields) == ["send_at"]


def test_purposes_by_word():
    assert read_purpose("notice") is Purpose.NOTICE
    for word in ("", "NOTICE", "Notice", "spam", "__class__"):
        with pytest.raises(InvalidInput, match="notice"):
            read_purpose(word)


def test_the_same_request_has_the_same_fingerprint():
    assert fingerprint({"a": 1, "b": None}) == fingerprint({"b": None, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


@pytest.mark.parametrize(
    "request_",
    [
        {"to": "+302101234567", "text": 'Γεια "σου" \u2028 /'},
        {"to": "+302101234567", "text": "Hi", "purpose": "code"},
        {"contact_id": UUID(int=1), "text": "Hi"},
        {"to": "+302101234567", "text": "Hi", "valid_for": 60},
        {"to": "+302101234567", "text": "Hi", "send_at": NOON, "channel_id": UUID(int=2)},
        {"to": "+302101234567", "text": "Hi", "anchor": NOON},
    ],
)
def test_the_quick_fingerprint_is_the_one_the_console_takes(request_):
    """A key used at one door is known at the other."""
    asked = SendRequest(**request_)
    wanted = fingerprint(asked_of(asked))
    assert fingerprint_of(asked) == fingerprint_of(BatchItem(**request_, idempotency_key="x")) == wanted
    assert wanted != fingerprint_of(asked.model_copy(update={"anchor": NOON + HOUR}))


def test_a_key_that_an_older_version_kept_is_known_after_an_upgrade():
    """What it could not say is not in the fingerprint of who does not say it."""
    plain, bound = {"to": "+306912345678", "text": "Hi"}, {"valid_for": 3600}
    assert fingerprint_of(SendRequest(**plain)).hex() == "4037c4b24934b2828e8d50fd7216a32763240553660cad69beedfddc53769030"
    assert fingerprint_of(SendRequest(**plain, **bound)).hex() == "6c645b3a5269fab6fd8ea0e5646e00f5edca1714e3b601151d7fa7225c49d956"


@pytest.mark.parametrize(
    ("anchor", "last"), [(None, NOON + 24 * HOUR), (NOON + 2 * HOUR, NOON + 2 * HOUR), (NOON + 90 * HOUR, NOON + 24 * HOUR)]
)
def test_x1_what_is_about_an_event_is_worth_nothing_from_then_on(anchor, last):
    assert bounds(Purpose.NOTICE, NOON, anchor=anchor) == (NOON, last)


@pytest.mark.parametrize("anchor", [NOON, NOON + HOUR])
def test_x1_an_event_that_is_over_when_it_would_leave_is_refused(anchor):
    with pytest.raises(InvalidInput) as refused:
        bounds(Purpose.NOTICE, NOON, send_at=NOON + HOUR, anchor=anchor)
    assert (refused.value.code, refused.value.fields.keys()) == ("event_over", {"anchor"})


def test_an_event_is_kept_by_the_minute_and_has_a_zone():
    assert (read_anchor(None), read_anchor(NOON.replace(second=59, microsecond=1))) == (None, NOON)
    with pytest.raises(InvalidInput):
        read_anchor(NOON.replace(tzinfo=None))


def test_many_are_answered_as_each_would_be():
    first = made(Decision(Verdict.ALLOW, Stamp(5, 3)))
    late = made(told(Verdict.DEFER, Code.SCHEDULED, Stamp(5, 3), until=NOON + HOUR), flags=Flag.TEST)
    own = [
        first.own,
        late.own,
        Own(earliest_id(NOON + HOUR), UUID(int=7), UUID(int=8), UUID(int=9), None, "+302109999999", "«Γεια»", first),
    ]
    alone = [first, late, first._replace(**{name: value for name, value in own[2]._asdict().items() if name != "like"})]
    assert [orjson.loads(shown) for shown in shown_own(own)] == [shown_outgoing(one) for one in alone]


def test_a_repeated_key():
    one, other = fingerprint({"a": 1}), fingerprint({"a": 2})
    assert repeated(one, {"id": "x"}, one) == {"id": "x"}
    with pytest.raises(InvalidInput) as reused:
        repeated(one, {"id": "x"}, other)
    with pytest.raises(Conflict) as early:
        repeated(one, None, one)
    assert (reused.value.code, early.value.code) == ("idempotency_key_reused", "idempotency_key_in_flight")


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "\x00"])
def test_keys_that_are_none(key):
    with pytest.raises(InvalidInput):
        check_key(key)
    assert check_key("order-12 ✓") == "order-12 ✓"


def test_what_is_answered():
    assert shown_outgoing(made(Decision(Verdict.ALLOW, Stamp(5, 3)), author_id=UUID(int=9))) == {
        "id": str(earliest_id(NOON)), "direction": "out", "address": "+302101234567", "contact_id": str(UUID(int=2)), "conversation_id": None,
        "campaign_id": None, "channel_id": str(UUID(int=3)), "purpose": "code", "text": "Hi", "status": "queued", "shown": "waiting",
        "reason": None, "until": None, "segments": 1, "encoding": "gsm7", "flags": [], "author_id": str(UUID(int=9)),
        "created_at": "2026-11-22T12:00:00.000Z", "status_at": "2026-11-22T12:00:00.000Z",
    }  # fmt: skip
