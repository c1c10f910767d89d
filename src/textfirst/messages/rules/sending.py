"""One message asked for, checked and made ready: what front and console both do before and after the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson

from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.ids import id_time
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.core.words import say
from textfirst.decisions.asking import entry_of
from textfirst.decisions.types import Code, Decision, Facts, Stamp, Verdict, told
from textfirst.messages.rules.composing import Composed
from textfirst.messages.rules.reasons import REASONS, read_reason
from textfirst.messages.rules.status import shown
from textfirst.messages.types import LONGEST_KEY, STATUS_OF, Direction, Encoding, Flag, Outgoing, Own, SendRequest, Status

FURTHEST = timedelta(days=366)  # how far ahead a text can be planned

SHOWN_COLUMNS = (
    "id", "direction", "address", "contact_id", "conversation_id", "campaign_id", "channel_id", "purpose", "body", "status", "reason",
    "segments", "encoding", "flags", "author_id", "status_at",
)  # fmt: skip

EVENT_OVER = "The event is over by then, and nobody would get it. Write its time with its zone."
_UNSAID = dict.fromkeys(sorted(set(SendRequest.model_fields) - {"anchor"}))  # in the order in which a fingerprint is taken

# The words of numbers, made once: an answer has five, and thousands are written a second.
_DIRECTIONS = {int(direction): direction.name.lower() for direction in Direction}
_PURPOSES = {int(purpose): purpose.word for purpose in Purpose}
_STATUSES = {int(status): status.word for status in Status}
_SHOWN = {int(status): shown(status).word for status in Status}
_ENCODINGS = {int(encoding): encoding.name.lower() for encoding in Encoding}


def read_purpose(word: str) -> Purpose:
    """Raises InvalidInput with the words there are."""
    try:
        return Purpose[word.upper()] if word == word.lower() else Purpose[""]
    except KeyError:
        sentence = say("Choose one of: {known}.", known=", ".join(purpose.word for purpose in Purpose))
        raise InvalidInput(sentence, code="purpose_unknown", fields={"purpose": sentence}) from None


def bounds(
    purpose: Purpose, now: datetime, *, valid_for: int | None = None, send_at: datetime | None = None, anchor: datetime | None = None
) -> tuple[datetime, datetime]:
    """Not before and not after: from `send_at` (default now) for `valid_for` seconds (default by purpose), and never into the event it is about.

    Raises InvalidInput for a time without zone or more than a year ahead, and for an event that is over. A time that has passed means now.
    """
    if send_at is not None and send_at.tzinfo is None:
        raise _wrong("send_at", "Write the time with its zone, as 2026-12-31T18:30:00+02:00.")
    if send_at is not None and send_at - now > FURTHEST:
        raise _wrong("send_at", "This is more than a year ahead.")
    begin = max(send_at or now, now)
    end = begin + (timedelta(seconds=valid_for) if valid_for else PURPOSE_RULES[purpose].validity)
    if anchor is not None and anchor <= begin:
        raise InvalidInput(EVENT_OVER, code="event_over", fields={"anchor": EVENT_OVER})
    return begin, end if anchor is None else min(anchor, end)


def read_anchor(anchor: datetime | None) -> datetime | None:
    """The event that something is about, by the minute, as decisions keep it. Raises InvalidInput for a time without zone."""
    if anchor is not None and anchor.tzinfo is None:
        raise _wrong("anchor", "Write the time with its zone, as 2026-12-31T18:30:00+02:00.")
    return anchor and anchor.replace(second=0, microsecond=0)


def outgoing(
    identifier: UUID,
    *,
    facts: Facts,
    decision: Decision,
    composed: Composed,
    channel_id: UUID,
    purpose: Purpose,
    not_before: datetime,
    not_after: datetime,
    conversation_id: UUID | None = None,
    campaign_id: UUID | None = None,
    author_id: UUID | None = None,
    api_key_id: UUID | None = None,
    lane: Lane | None = None,
    flags: Flag = Flag(0),  # noqa: B008 - an immutable value
    to: tuple[UUID, UUID] | None = None,
    decision_id: UUID | None = None,
) -> Outgoing:
    """The message that a decision makes: queued, deferred, or suppressed with the decision's reason.

    `to` is contact and identity, for a recipient of whom there are no facts any more; `decision_id` is where the decision is kept.
    """
    contact_id, identity_id = to or (facts.contact_id, facts.identity_id)
    status = STATUS_OF[decision.verdict]
    rule = PURPOSE_RULES[purpose]
    return Outgoing(
        id=identifier, contact_id=contact_id, identity_id=identity_id, channel_id=channel_id, conversation_id=conversation_id,
        campaign_id=campaign_id, author_id=author_id, api_key_id=api_key_id, purpose=purpose, status=status, flags=flags,
        segments=composed.segments, encoding=composed.encoding, reason=decision.reason or None, address=facts.address, body=composed.text,
        lane=rule.lane if lane is None else lane, delivery=rule.delivery, not_before=decision.until or not_before, not_after=not_after,
        stamp=decision.stamp, send_by=decision.send_by, arrive_by=decision.not_after, decision_id=decision_id,
        consent_entry_id=entry_of(facts, purpose),
    )  # fmt: skip


def decided_by_reason(status: Status, reason: str | None) -> Decision:
    """The decision of a message whose own was not kept (written by an older version, or by a machine that only answers): as far as its reason tells."""
    code = next((one for one in Code if one.word == (reason or "").partition(":")[0]), None)
    verdict = {Status.SUPPRESSED: Verdict.BLOCK, Status.DEFERRED: Verdict.DEFER}.get(status, Verdict.ALLOW)
    return Decision(verdict, Stamp(0, 0)) if code is None or verdict is Verdict.ALLOW else told(verdict, code)


def refusal(decision: Decision) -> InvalidInput | None:
    """What to raise for a decision against sending one message; None when it may go, now or later."""
    if decision.verdict is not Verdict.BLOCK:
        return None
    return InvalidInput(REASONS[decision.reason], code=decision.reason)


def fingerprint(request: Mapping[str, Any]) -> bytes:
    """What makes two requests with one Idempotency-Key the same request (D1)."""
    return hashlib.sha256(orjson.dumps(request, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def fingerprint_of(request: SendRequest) -> bytes:
    """`fingerprint` of everything it says but its key; the usual request, which names little, is written down as it stands."""
    if request.contact_id or request.channel_id or request.valid_for or request.send_at or request.anchor:
        return fingerprint(asked_of(request))
    return hashlib.sha256(orjson.dumps(_UNSAID | {"purpose": request.purpose, "text": request.text, "to": request.to})).digest()


def asked_of(request: SendRequest) -> dict[str, Any]:
    """All that a request says but its key; what older versions could not say is left out where it is not said, so that they agree on its fingerprint."""
    return request.model_dump(mode="json", exclude={"idempotency_key", *(() if request.anchor else ("anchor",))})


def check_key(key: str | None) -> str | None:
    """An Idempotency-Key as it came. Raises InvalidInput when it cannot be one."""
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        words = say("An Idempotency-Key has 1 to {most} visible characters.", most=LONGEST_KEY)
        raise InvalidInput(words, code="idempotency_key_invalid", fields={"idempotency_key": words})
    return key


def kept_of(message: Outgoing) -> str:
    """What an Idempotency-Key keeps of its answer, JSON: what may move in the message's row. The rest is read there, and erased there."""
    until = _until(message)
    kept = {"status": int(message.status), "channel_id": str(message.channel_id)}
    more = {"flags": int(message.flags), "reason": message.reason, "until": until and _second(until)}
    return orjson.dumps(kept | {name: value for name, value in more.items() if value}).decode()


def answered(kept: Mapping[str, Any] | str | None, row: Sequence[Any]) -> dict[str, Any] | None:
    """The first answer again, from what its key kept and the message's `SHOWN_COLUMNS`; None while there is none."""
    if kept is None or row[0] is None:
        return None
    then = orjson.loads(kept) if isinstance(kept, str) else dict(kept)
    if "id" in then:
        return then  # an earlier version kept it whole
    until = then.pop("until", None)
    now = dict(zip(SHOWN_COLUMNS, row, strict=True))
    said = shown_message(**now | {"flags": 0, "reason": None, "status_at": None} | then)
    return said | {"until": until}


def repeated(stored_fingerprint: bytes, stored_response: dict[str, Any] | None, given_fingerprint: bytes) -> dict[str, Any]:
    """The answer to a request whose Idempotency-Key is known.

    Raises InvalidInput when the request is another one, Conflict while the first is still under way.
    """
    if bytes(stored_fingerprint) != given_fingerprint:
        raise InvalidInput(
            "This Idempotency-Key was used for another request. Take a new key for each message.", code="idempotency_key_reused"
        )
    if stored_response is None:
        raise in_flight()
    return stored_response


def in_flight() -> Conflict:
    """What to raise while the first request with an Idempotency-Key has no answer yet."""
    return Conflict("The first request with this Idempotency-Key is still under way. Ask again shortly.", code="idempotency_key_in_flight")


def shown_outgoing(message: Outgoing) -> dict[str, Any]:
    """A message just taken in, as `POST /messages` answers it: what `shown_message` will say of its row."""
    return shown_message(
        id=message.id, direction=Direction.OUT, address=message.address, contact_id=message.contact_id, conversation_id=message.conversation_id,
        campaign_id=message.campaign_id, channel_id=message.channel_id, purpose=message.purpose, body=message.body, status=message.status,
        reason=message.reason, segments=message.segments, encoding=message.encoding, flags=message.flags, author_id=message.author_id,
        status_at=None, until=_until(message),
    )  # fmt: skip


def shown_own(messages: Iterable[Own]) -> Iterator[bytes]:
    """Each as JSON, as `POST /messages` answers it; what a sort shares is put into words once."""
    sorts: dict[int, dict[str, Any]] = {}
    for message in messages:
        shared = sorts.get(id(message.like)) or sorts.setdefault(id(message.like), shown_outgoing(message.like))
        made = _made(message.id.int >> 80)
        yield orjson.dumps(
            {
                **shared, "id": message.id, "address": message.address, "contact_id": message.contact_id,
                "conversation_id": message.conversation_id, "text": message.body, "created_at": made, "status_at": made,
            }
        )  # fmt: skip


def shown_message(
    *, id: UUID, direction: int, address: str, contact_id: UUID, conversation_id: UUID | None, campaign_id: UUID | None, channel_id: UUID,  # noqa: A002 - the column's name
    purpose: int, body: str, status: int, reason: str | None, segments: int, encoding: int, flags: int, author_id: UUID | None,
    status_at: datetime | None, until: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A message as the API writes it, reason in English; plain JSON values. `until`: when a deferred one may leave."""
    made = _instant(id_time(id))
    return {
        "id": str(id),
        "direction": _DIRECTIONS[direction],
        "address": address,
        "contact_id": str(contact_id),
        "conversation_id": conversation_id and str(conversation_id),
        "campaign_id": campaign_id and str(campaign_id),
        "channel_id": str(channel_id),
        "purpose": _PURPOSES[purpose],
        "text": body,
        "status": _STATUSES[status],
        "shown": _SHOWN[status],
        "reason": _shown_reason(reason),
        "until": until and _second(until),
        "segments": segments,
        "encoding": _ENCODINGS[encoding],
        "flags": [*_flags(flags)],
        "author_id": author_id and str(author_id),
        "created_at": made,
        "status_at": _instant(status_at) if status_at else made,
    }


def _shown_reason(reason: str | None) -> dict[str, Any] | None:
    why = read_reason(reason)
    return {"code": why.code, "message": why.text, "detail": why.detail} if why else None


@cache
def _flags(flags: int) -> tuple[str, ...]:
    return tuple(str(flag.name).lower() for flag in Flag if flag & flags)


def _until(message: Outgoing) -> datetime | None:
    return message.not_before if message.status is Status.DEFERRED else None


@lru_cache(maxsize=16)
def _made(milliseconds: int) -> str:
    """The moment in ids, which many have in common."""
    return _instant(datetime.fromtimestamp(milliseconds / 1000, tz=UTC))


def _second(moment: datetime) -> str:
    """Begun ones count."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})
