"""A batch of sends in one transaction: who it is for, whether we may, and the rows.

The same statements and rules as the console's own action run here (`conversations/actions.py`); only the driver differs, and the batch: each
question is asked once for everybody in it, whatever their number, so that a commit costs half a dozen round trips, and equal facts are decided
once. What a message is made of are tuples: a thousand of them are made in one turn of the loop, while others wait for theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from textfirst.channels.rules.carriers import SIMULATOR, Sender, route
from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.conversations.rules import TALKING, open_params, threads_of
from textfirst.conversations.types import Said
from textfirst.core.addresses import Address
from textfirst.core.errors import InvalidInput, NotFound, TextfirstError
from textfirst.core.ids import new_ids
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.database.round_trip import Rows
from textfirst.decisions.asking import InForce, in_force, sent_params
from textfirst.decisions.caps import CAPPED, is_near, minute_of
from textfirst.decisions.record import Records
from textfirst.decisions.rules import Verdicts, facts_by_identity
from textfirst.decisions.types import WHO, Decision, Facts
from textfirst.decisions.types import Asked as Question
from textfirst.events.rules import record_params
from textfirst.events.types import Fact
from textfirst.front.callers import Caller
from textfirst.front.work import Work
from textfirst.messages.rules.accepting import accept_params
from textfirst.messages.rules.composing import Composed, compose
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.replacing import Replaced, later_params, replace_params, tally_params
from textfirst.messages.rules.sending import answered, kept_of, outgoing, refusal, repeated, shown_outgoing
from textfirst.messages.rules.templates import Around, Person
from textfirst.messages.types import Flag, Outgoing, SendRequest

decisions = load("textfirst.decisions")
messages = load("textfirst.messages")
contacts = load("textfirst.contacts")
conversations = load("textfirst.conversations")

MANY = 15  # people made, or texts that join a conversation, in one commit, above which they are announced together: pages look anew, once

Answer = bytes | Exception  # the message as the API writes it, or why there is none


class Asked(NamedTuple):
    """A send that was read and found sound."""

    id: UUID
    caller: Caller
    request: SendRequest
    address: Address | None
    purpose: Purpose
    composed: Composed | None  # None: it has merge fields, and is made when its contact is known
    not_before: datetime
    not_after: datetime
    key: str | None
    fingerprint: bytes


class Aim(NamedTuple):
    """Whom a text goes to; without an identity there is no number."""

    contact_id: UUID
    identity_id: UUID | None


class Usable(NamedTuple):
    """The channels that a key can send by, and those of them that are on."""

    known: list[Sender]
    on: list[Sender]


class Sound(NamedTuple):
    """A send that may leave, before it is placed in its conversation."""

    asked: Asked
    facts: Facts
    decision: Decision
    composed: Composed
    channel_id: UUID


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt about everybody in a batch, and what was made of it so far."""

    settings: InForce
    channels: list[Sender]
    aims: dict[UUID, Aim]  # by the id of what was asked
    facts: dict[UUID, Facts]  # by identity
    last_channels: dict[UUID, UUID]  # by contact
    inboxes: dict[UUID, UUID]  # by channel
    threads: dict[tuple[UUID, UUID], UUID]  # conversations by contact and inbox
    people: dict[UUID, Person]  # by contact; only of those whose text has merge fields
    around: Around
    now: datetime
    taken: dict[UUID, str] = field(default_factory=dict)  # by contact: what of this batch counts for those behind it
    _verdicts: dict[tuple[Purpose, datetime, datetime], Verdicts] = field(default_factory=dict)
    _usable: dict[bool, Usable] = field(default_factory=dict)

    def decide(self, asked: Asked, facts: Facts) -> Decision:
        """Equal facts are decided once for all who ask the same."""
        question = (asked.purpose, asked.not_before, asked.not_after)
        verdicts = self._verdicts.get(question)
        if verdicts is None:
            what = Question(asked.purpose, self.now, not_before=asked.not_before, not_after=asked.not_after)
            verdicts = self._verdicts[question] = Verdicts(what, self.settings.policy, version=self.settings.version)
        return verdicts[facts[WHO:]]

    def usable(self, *, live: bool) -> Usable:
        """Of a live key, or of a test key, which reaches the simulator only."""
        found = self._usable.get(live)
        if found is None:
            known = [channel for channel in self.channels if live or channel.kind == SIMULATOR]
            found = self._usable[live] = Usable(known, [channel for channel in known if channel.enabled])
        return found

    def thread(self, one: Sound) -> UUID | None:
        """The conversation there is with somebody in the inbox of the channel."""
        inbox_id = self.inboxes.get(one.channel_id)
        return self.threads.get((one.facts.contact_id, inbox_id)) if inbox_id else None

    def count(self, one: Sound) -> None:
        """What is behind it in the batch is decided as if it had been sent."""
        if one.asked.purpose in CAPPED:
            contact_id = one.facts.contact_id
            self.taken[contact_id] = f"{self.taken.get(contact_id, '')} {minute_of(self.now)}.{int(one.asked.purpose)}"

    def learn_anew(self, facts: dict[UUID, Facts]) -> None:
        """Newer facts of some, of whom nothing in this batch is decided any more."""
        self.facts.update(facts)
        for one in facts.values():
            self.taken.pop(one.contact_id, None)


async def accept_batch(work: Work, batch: Sequence[Asked], *, address_key: bytes, now: datetime) -> list[Answer]:
    """An answer or an error for each, in order; true once `work` is committed. A key that another transaction kept meanwhile is a UniqueViolation."""
    answers: dict[UUID, Answer] = {}
    for workspace_id, asked in _by_workspace(batch).items():
        work.enter(workspace_id)
        answers |= await _Send(work, workspace_id, asked, address_key, now).run()
    return [answers[asked.id] for asked in batch]


def _by_workspace(batch: Iterable[Asked]) -> dict[UUID, list[Asked]]:
    grouped: dict[UUID, list[Asked]] = defaultdict(list)
    for asked in batch:
        grouped[asked.caller.workspace_id].append(asked)
    return dict(sorted(grouped.items()))  # one order of locks for everybody


class _Send:
    """What one workspace sends in one transaction."""

    def __init__(self, work: Work, workspace_id: UUID, asked: list[Asked], address_key: bytes, now: datetime) -> None:
        self._work = work
        self._workspace_id = workspace_id
        self._asked = asked
        self._address_key = address_key
        self._now = now
        self._answers: dict[UUID, Answer] = {}
        self._made: set[UUID] = set()  # contacts of numbers that were new

    async def run(self) -> dict[UUID, Answer]:
        keys, channels, made, reached = await self._meet()
        fresh = _first_of_each_key(self._without_known(keys))
        if fresh:
            known = await self._learn(fresh, [Sender(*row) for row in channels], self._aims(fresh, made, reached))
            sound = await self._in_turn(self._decide(fresh, known), fresh, known)
            await self._replace(sound)
            self._write(sound, self._keep_decisions(sound), await self._place(sound, known))
        self._answer_repeats()
        return self._answers

    async def _meet(self) -> list[Rows]:
        """Which keys are known, by what may be sent, and whom they are for: what nothing else has to be known for."""
        keys = list({one.key for one in self._asked if one.key})
        addresses = [one.address for one in self._asked if one.address]
        contact_ids = [one.request.contact_id for one in self._asked if one.request.contact_id]
        return await self._work.ask_all(
            (messages.key, {"keys": keys}) if keys else None,
            (load("textfirst.channels").senders, {}),
            (contacts.find_or_make, find_or_make_params(self._workspace_id, addresses, self._address_key)) if addresses else None,
            (contacts.reach, {"contact_ids": contact_ids}) if contact_ids else None,
        )

    # ---- Idempotency-Keys (D1)

    def _without_known(self, keys: Rows) -> list[Asked]:
        """Answer from memory what was asked before under the same key; the rest is to be done."""
        known = {key: (bytes(fingerprint), answered(kept, message)) for key, fingerprint, kept, *message in keys}
        for one in self._asked:
            if one.key in known:
                self._answers[one.id] = _remembered(one, *known[one.key])
        return [one for one in self._asked if one.key not in known] if known else self._asked

    def _answer_repeats(self) -> None:
        """The same key twice in one batch: the first was sent, the others get its answer."""
        first = {one.key: one for one in reversed(self._asked) if one.key is not None and one.id in self._answers}
        for one in self._asked:
            if one.id not in self._answers:
                original = first[one.key or ""]
                self._answers[one.id] = (
                    self._answers[original.id] if one.fingerprint == original.fingerprint else _remembered(one, b"", None)
                )

    def _keep_keys(self, keyed: list[tuple[Asked, Outgoing]]) -> None:
        """Keep what is answered, for whoever asks again."""
        if keyed:
            self._work.tell(
                messages.keep_keys,
                ids=new_ids(len(keyed)),
                keys=[one.key for one, _ in keyed],
                fingerprints=[one.fingerprint for one, _ in keyed],
                message_ids=[one.id for one, _ in keyed],
                responses=[kept_of(message) for _, message in keyed],
            )

    # ---- who, whether, by what

    async def _learn(self, fresh: list[Asked], channels: list[Sender], aims: dict[UUID, Aim]) -> Known:
        """Everything the decisions and the rows need, each question asked once for all."""
        there = [one for one in fresh if one.id in aims]
        usable = [sender.id for sender in channels if sender.enabled]
        identity_ids = list({aim.identity_id for aim in aims.values() if aim.identity_id})
        undecided = list({aims[one.id].contact_id for one in there if one.request.channel_id is None})
        joining = list({aims[one.id].contact_id for one in there if one.purpose not in TALKING} - self._made)
        merging = list({aims[one.id].contact_id for one in there if one.composed is None})
        settled, facts, last, inboxes, threads, people, house = await self._work.ask_all(
            (decisions.policy, {}),
            (decisions.facts, {"identity_ids": identity_ids, **sent_params({one.purpose for one in fresh}, self._now)}),
            (messages.last_channels, {"contact_ids": undecided, "channel_ids": usable}) if undecided and len(usable) > 1 else None,
            (conversations.inboxes, {}) if joining else None,
            (conversations.threads, {"contact_ids": joining}) if joining else None,
            (messages.people, {"contact_ids": merging}) if merging else None,
            (messages.house, {}) if merging else None,
        )
        return Known(
            in_force(settled), channels, aims, facts_by_identity(facts), dict(last), {row[0]: row[1] for row in inboxes},
            {(row[0], row[1]): row[2] for row in threads}, {row[0]: Person(row[1], row[2], "", *row[3:]) for row in people},
            Around(workspace=house[0][0]) if house else Around(), self._now,
        )  # fmt: skip

    def _aims(self, fresh: list[Asked], made: Iterable[Sequence[Any]], reached: Iterable[Sequence[Any]]) -> dict[UUID, Aim]:
        """Whom each send goes to, where there is such a person."""
        found = [identity_of(row) for row in made]
        self._made = {fact.contact_id for fact in found if fact.created}
        by_address = {fact.address: Aim(fact.contact_id, fact.identity_id) for fact in found}
        by_contact = {contact_id: Aim(contact_id, identity_id) for contact_id, identity_id in reached}
        aims = {one.id: by_address[one.address] if one.address else by_contact.get(one.request.contact_id) for one in fresh}
        return {asked: aim for asked, aim in aims.items() if aim}

    def _decide(self, asked: Iterable[Asked], known: Known) -> list[Sound]:
        """What will be sent; whatever may not be sent gets its error."""
        sound = []
        for one in asked:
            try:
                sound.append(_sound(one, known))
            except TextfirstError as error:
                self._answers[one.id] = error
            else:
                known.count(sound[-1])
        return sound

    async def _in_turn(self, sound: list[Sound], fresh: list[Asked], known: Known) -> list[Sound]:
        """Those whose caps are near are decided again once nobody else decides about them: two at one moment must not both take the last room."""
        near = {key for key, decision in {id(one.decision): one.decision for one in sound}.items() if is_near(decision)}
        crowded = {one.facts.contact_id for one in sound if id(one.decision) in near}
        if not crowded:
            return sound
        again = [one for one in fresh if one.id in known.aims and known.aims[one.id].contact_id in crowded]
        identities = {known.aims[one.id].identity_id for one in again} - {None}
        _, facts = await self._work.ask_all(
            (decisions.take_turns, {"contact_ids": list(crowded)}),
            (decisions.facts, {"identity_ids": list(identities), **sent_params({one.purpose for one in again}, self._now)}),
        )
        known.learn_anew(facts_by_identity(facts))
        return [one for one in sound if one.facts.contact_id not in crowded] + self._decide(again, known)

    # ---- the rows

    def _keep_decisions(self, sound: list[Sound]) -> dict[int, UUID]:
        """Where each decision is kept, by the object that many of them share."""
        records = Records(self._workspace_id, self._now)
        kept = {key: records.of(decision) for key, decision in {id(one.decision): one.decision for one in sound}.items()}
        if kept:
            self._work.tell(decisions.keep, ids=list(records.rows), bodies=list(records.rows.values()))
        return kept

    async def _place(self, sound: list[Sound], known: Known) -> dict[UUID, UUID | None]:
        """The conversation of each. An answer to a customer opens it; anything else joins the one there is, as a campaign's texts do."""
        opening = [one for one in sound if one.asked.purpose in TALKING]
        places = {one.asked.id: known.thread(one) for one in sound} if len(opening) < len(sound) else {}
        if opening:
            said = [Said(one.facts.contact_id, one.channel_id, one.asked.id, self._now) for one in opening]
            threads = threads_of(await self._work.ask(conversations.open, **open_params(self._workspace_id, said)), said)
            places |= {one.asked.id: thread.conversation_id if thread else None for one, thread in zip(opening, threads, strict=True)}
        return places

    async def _replace(self, sound: list[Sound]) -> None:
        """Promotions that wait for room give way to newer ones to the same people."""
        contact_ids = [one.facts.contact_id for one in sound if one.decision.replaces]
        found = await self._work.ask(messages.replace, **replace_params(contact_ids, self._now)) if contact_ids else []
        gone = [Replaced(*row) for row in found]
        if gone:
            records = Records(self._workspace_id, self._now)
            later = later_params(records, gone, self._now)
            self._work.tell(decisions.keep, ids=list(records.rows), bodies=list(records.rows.values()))
            self._work.tell(decisions.later, **later)
            counted = tally_params(gone)
            if counted is not None:
                self._work.tell(load("textfirst.campaigns").tally, **counted)

    def _write(self, sound: list[Sound], kept: dict[int, UUID], places: dict[UUID, UUID | None]) -> None:
        """Messages, outbox, keys, events; one notification a channel."""
        ready = [_outgoing(one, places.get(one.asked.id), kept[id(one.decision)]) for one in sound]
        if ready:
            self._answers |= {message.id: orjson.dumps(shown_outgoing(message)) for message in ready}
            self._keep_keys([(one.asked, message) for one, message in zip(sound, ready, strict=True) if one.asked.key])
            self._work.tell(messages.accept, **accept_params(self._workspace_id, ready))
            for channel_id in {message.channel_id for message in ready}:
                self._work.tell(messages.wake_outbox, channel_id=channel_id)
        happened = [*_met(self._workspace_id, self._made), *_said(self._workspace_id, ready)]
        if happened:
            self._work.tell(load("textfirst.events").record, **record_params(self._workspace_id, happened))


def _met(workspace_id: UUID, made: Collection[UUID]) -> list[Fact]:
    """That there are new contacts: each told by itself, or a crowd together, as after an import."""
    if len(made) > MANY:
        return [Fact("contacts.changed", workspace_id, {})]
    return [Fact("contact.updated", contact_id, {}) for contact_id in made]


def _said(workspace_id: UUID, ready: list[Outgoing]) -> list[Fact]:
    """What was said in conversations: each text by itself, or many together."""
    heard = [message for message in ready if message.conversation_id]
    if len(heard) > MANY:
        return [Fact("conversations.changed", workspace_id, {})]
    return [Fact("message.sent", m.conversation_id or m.id, {"message_id": m.id, "contact_id": m.contact_id}) for m in heard]


def _first_of_each_key(asked: list[Asked]) -> list[Asked]:
    seen: set[str] = set()
    first = []
    for one in asked:
        if one.key is None or one.key not in seen:
            first.append(one)
        if one.key is not None:
            seen.add(one.key)
    return first


def _sound(asked: Asked, known: Known) -> Sound:
    """What may be sent, and by what; raises TextfirstError with the reason when it may not."""
    facts = _facts(known.aims.get(asked.id), known)
    channel_id = _choose_channel(asked, known, facts)
    decision = known.decide(asked, facts)
    refused = refusal(decision)
    if refused is not None:
        raise refused
    composed = asked.composed or compose(asked.request.text, known.people[facts.contact_id].at(facts.address), known.around)
    return Sound(asked, facts, decision, composed, channel_id)


def _outgoing(one: Sound, conversation_id: UUID | None, decision_id: UUID) -> Outgoing:
    asked = one.asked
    return outgoing(
        asked.id, facts=one.facts, decision=one.decision, composed=one.composed, channel_id=one.channel_id, purpose=asked.purpose,
        not_before=asked.not_before, not_after=asked.not_after, conversation_id=conversation_id, api_key_id=asked.caller.key_id,
        flags=Flag(0) if asked.caller.live else Flag.TEST, decision_id=decision_id,
    )  # fmt: skip


def _facts(aim: Aim | None, known: Known) -> Facts:
    if aim is None:
        raise NotFound("There is no such contact in this workspace.")
    if aim.identity_id is None:
        raise InvalidInput(REASONS["no_number"], code="no_number", fields={"contact_id": REASONS["no_number"]})
    facts = known.facts[aim.identity_id]
    taken = known.taken.get(facts.contact_id)
    return facts._replace(sent=(facts.sent + taken).lstrip()) if taken else facts


def _choose_channel(asked: Asked, known: Known, facts: Facts) -> UUID:
    """The channel asked for, else the one last used with them, else the first that is on, or who stands in for it.

    A test key reaches the simulator only.
    """
    if asked.request.channel_id is not None:
        return _wanted(asked, known.channels)
    usable = known.usable(live=asked.caller.live)
    if not usable.on:
        code = "channel_off" if usable.known else "no_channel"
        raise InvalidInput(REASONS[code], code=code)
    last = known.last_channels.get(facts.contact_id)
    preferred = usable.on[0] if last is None else next((channel for channel in usable.on if channel.id == last), usable.on[0])
    return route(preferred, facts.identity_id, usable.known, known=preferred.id == last)


def _wanted(asked: Asked, channels: list[Sender]) -> UUID:
    wanted = next((channel for channel in channels if channel.id == asked.request.channel_id), None)
    if wanted is None:
        raise NotFound("There is no such channel in this workspace.")
    if not asked.caller.live and wanted.kind != SIMULATOR:
        raise _wrong_channel("test_key", "A test key sends through the simulator only. Leave channel_id out, or use a live key.")
    if not wanted.enabled:
        raise _wrong_channel("channel_off", REASONS["channel_off"])
    return wanted.id


def _wrong_channel(code: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code=code, fields={"channel_id": sentence})


def _remembered(one: Asked, stored_fingerprint: bytes, response: dict[str, Any] | None) -> Answer:
    try:
        return orjson.dumps(repeated(stored_fingerprint, response, one.fingerprint))
    except TextfirstError as error:
        return error
