"""What a machine answers by itself, in the transaction of the text that it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from textfirst.channels.contract import ChannelFacts
from textfirst.conversations.away import away_text, back_at, is_there, left_at
from textfirst.conversations.types import Said
from textfirst.core.ids import new_id
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.decisions.asking import stamped
from textfirst.decisions.record import Records
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Stamp, Verdict
from textfirst.engine.ports import House, Person, Work
from textfirst.events.types import Fact
from textfirst.messages.rules.composing import Composed, measured
from textfirst.messages.rules.sending import outgoing
from textfirst.messages.types import Encoding, Flag, Outgoing, Status
from textfirst.protocols.sms import Alphabet, cut

_PHONE = re.compile(r"\+[1-9]\d{7,14}")  # short codes and names are machines: nobody waits there for an answer


class Writer(NamedTuple):
    """Somebody who wrote, and where their text went."""

    person: Person
    address: str
    where: UUID | None  # conversation


def automatic(
    text: str, writer: Writer, *, channel_id: UUID, stamp: Stamp, now: datetime, until: datetime, flags: Flag = Flag(0)  # noqa: B008 - an immutable value
) -> Outgoing:  # fmt: skip
    """An automatic answer, decided by who asks for it."""
    rule = PURPOSE_RULES[Purpose.SUPPORT]
    parts = cut(text)
    return Outgoing(
        id=new_id(), contact_id=writer.person.contact_id, identity_id=writer.person.identity_id, channel_id=channel_id, conversation_id=writer.where,
        campaign_id=None, author_id=None, api_key_id=None, purpose=Purpose.SUPPORT, status=Status.QUEUED, flags=flags,
        segments=len(parts.bodies), encoding=Encoding.UCS2 if parts.alphabet is Alphabet.UCS2 else Encoding.GSM7, reason=None, address=writer.address,
        body=text, lane=rule.lane, delivery=rule.delivery, not_before=now, not_after=until, stamp=stamp,
    )  # fmt: skip


async def decided(
    work: Work, text: str, writer: Writer, *, channel: ChannelFacts, house: House, purpose: Purpose, now: datetime, until: datetime
) -> Outgoing | None:
    """A machine's text like any other's: decided, and the decision kept with it. None when they may not have it."""
    facts = (await work.facts([writer.person.identity_id], (purpose,), now)).get(writer.person.identity_id)
    if facts is None:
        return None
    facts = stamped(facts, house.version)
    decision = decide(facts, Asked(purpose, now, not_before=now, not_after=until), house.policy)
    if decision.verdict is Verdict.BLOCK:
        return None
    encoding, segments = measured(text)
    records = Records(channel.workspace_id, now)
    kept = records.of(decision)
    work.decided(records, ())
    return outgoing(
        new_id(), facts=facts, decision=decision, composed=Composed(text, encoding, segments, ()), channel_id=channel.id, purpose=purpose,
        not_before=now, not_after=until, conversation_id=writer.where, decision_id=kept,
    )  # fmt: skip


async def hand_over(work: Work, replies: Sequence[Outgoing], now: datetime) -> None:
    """Into the outbox and their threads, which they leave closed if they are."""
    if not replies:
        return
    work.accept(replies)
    work.announce(
        [
            Fact("message.sent", reply.conversation_id, {"message_id": str(reply.id), "contact_id": str(reply.contact_id)})
            for reply in replies
            if reply.conversation_id
        ]
    )
    await work.threads([Said(reply.contact_id, reply.channel_id, reply.id, now, opens=False) for reply in replies])


async def tell_away(work: Work, channel_id: UUID, writers: Sequence[Writer], now: datetime) -> None:
    """Whoever writes while nobody is there hears so, once until somebody is back; a person's answer counts as being there.

    As any other text it is decided: who has stopped or is blocked hears nothing. Two machines that answer each other say one thing each.
    """
    each = {writer.person.contact_id: writer for writer in writers if _PHONE.fullmatch(writer.address)}
    if not each:
        return
    house = await work.house()
    staff = house.policy.staff_hours
    if staff is None or is_there(staff, now):
        return
    languages = await work.unanswered(list(each), left_at(staff, now))
    if languages:
        await hand_over(work, await _told(work, channel_id, house, {each[one]: said for one, said in languages.items()}, now), now)


async def _told(work: Work, channel_id: UUID, house: House, writers: Mapping[Writer, str], now: datetime) -> list[Outgoing]:
    """The message for each of `writers`, to whom it may be sent, in their language."""
    staff = house.policy.staff_hours
    assert staff is not None
    facts = await work.facts([writer.person.identity_id for writer in writers])
    until = min(now + PURPOSE_RULES[Purpose.SUPPORT].validity, back_at(staff, now) or now + PURPOSE_RULES[Purpose.SUPPORT].validity)
    asked = Asked(Purpose.SUPPORT, now, not_after=until)
    replies = []
    for writer, language in writers.items():
        known = facts.get(writer.person.identity_id)
        decision = decide(known, asked, house.policy) if known else None
        text = away_text(staff, now, language=language, house_language=house.language)
        if decision is not None and decision.allowed and text:
            replies.append(automatic(text, writer, channel_id=channel_id, stamp=decision.stamp, now=now, until=until, flags=Flag.AUTOMATIC))
    return replies
