"""Joining by a word, and the YES to the question whether it was them (C3): in effect with the transaction of the text that says so, as STOP is.

Theory of operation. An ordinary text pays for a look into what `hear` remembers. A short one is compared with the words of the workspace's forms, which come
with what automatic answers ask for anyway; a YES costs one question, and only where there are forms. All of that only reads, before the lock: the texts
that do join take it like a STOP, and the statements look once more under it, so that a YES and a STOP that arrive together end stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from textfirst.channels.contract import ChannelFacts
from textfirst.consent.rules.hearing import hear
from textfirst.consent.rules.opting_in import ANSWER_WITHIN, JoinWords, link_of, new_token, question, spoken, welcome, words_in
from textfirst.consent.types import Joiner
from textfirst.core.purposes import Purpose
from textfirst.engine.answering import Writer, decided
from textfirst.engine.ports import House, Work
from textfirst.events.types import Fact
from textfirst.messages.types import Outgoing


class Joins(NamedTuple):
    """What in a batch of texts is about joining."""

    words: Collection[str] = ()  # of forms
    asked: Collection[str] = ()  # addresses that were asked whether it was them

    def means(self, heard: JoinWords, address: str) -> bool:
        return heard.said in self.words or (heard.yes and address in self.asked)


class Joining(NamedTuple):
    """A text about joining, and where it went."""

    heard: JoinWords
    text: str
    message_id: UUID
    writer: Writer


async def joins(work: Work, texts: Iterable[tuple[str, str | None]], now: datetime) -> Joins:
    """Which of these texts (address, text) are about joining; nothing is written or locked."""
    short = [(address, heard) for address, text in texts if text and isinstance(heard := hear(text), JoinWords)]
    if not short:
        return Joins()
    house = await work.house()
    yes = [address for address, heard in short if heard.yes] if house.forms else []
    asked = await work.asked(yes, now) if yes else ()
    said = {heard.said for _, heard in short}
    return Joins([word for word in house.words if word in said], asked)


async def join(work: Work, one: Joining, joined: Joins, *, channel: ChannelFacts, url: str, now: datetime) -> Outgoing | None:
    """Ask who wants to join whether it was them, or make what they allow stand and welcome them; the text to answer with. After `lock`."""
    house = await work.house()
    answer = await (
        _question(work, one, house, url, now) if one.heard.said in joined.words else _welcome(work, one, house, channel.id, now)
    )
    if answer is None:
        return None
    return await decided(
        work, answer, one.writer, channel=channel, house=house, purpose=Purpose.NOTICE, now=now, until=now + ANSWER_WITHIN
    )  # fmt: skip


async def _question(work: Work, one: Joining, house: House, url: str, now: datetime) -> str | None:
    found = await work.join_form(one.heard.said, one.writer.person.contact_id)
    if found is None:
        return None
    form, known = found
    language, token = spoken(form.texts, known, house.language), new_token()
    joiner = Joiner(b"", language, words=one.text, message_id=one.message_id)
    if not await work.open_request(form, one.writer.address, joiner, token, now):
        return None
    return question(language, business=house.name, about=words_in(form.texts, language)["about"], link=link_of(url, token))


async def _welcome(work: Work, one: Joining, house: House, channel_id: UUID, now: datetime) -> str | None:
    answer = Joiner(b"", "", words=one.text, message_id=one.message_id)
    confirmed = await work.confirm(one.writer.address, answer, channel_id, now)
    if confirmed is None:
        return None
    work.announce([Fact("contact.updated", one.writer.person.contact_id, {})])
    language = confirmed.joiner.language
    return welcome(language, business=house.name, about=words_in(confirmed.form.texts, language)["about"])
