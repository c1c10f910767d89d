"""A batch of sends in one transaction: who it is for, whether we may, and the rows.

The same statements and rules as the console's own action run here (`conversations/actions.py`); only the driver differs, and the batch: each
question is asked once for everybody in it, whatever their number, so that a commit costs half a dozen round trips, and equal facts are decided
once. What a message is made of are tuples: a thousand of them are made in one turn of the loop, while others wait for theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from textfirst.channels.rules.carriers import SIMULATOR, Sender, route
from textfirst.contacts.rules.identities import make_params
from textfirst.conversations.rules import TALKING, open_params, threads_of
from textfirst.conversations.types import Said
from textfirst.core.addresses import TEL, Address
from textfirst.core.errors import InvalidInput, NotFound, TextfirstError
from textfirst.core.ids import new_ids
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.database.round_trip import Rows
from textfirst.decisions.asking import InForce, entry_of, facts_at, in_force, sent_params
from textfirst.decisions.caps import CAPPED, is_near, minute_of
from textfirst.decisions.record import Records
from textfirst.decisions.rules import Verdicts, facts_by_identity, newcomer
from textfirst.decisions.types import WHO, Decision, Facts, Topic
from textfirst.decisions.types import Asked as Question
from textfirst.events.rules import record_params
from textfirst.events.types import Fact
from textfirst.front.callers import Caller
from textfirst.front.work import Work
from textfirst.messages.rules.accepting import own_params
from textfirst.messages.rules.composing import Composed, compose
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.replacing import Replaced, later_params, replace_params, tally_params
from textfirst.messages.rules.sending import answered, kept_of, outgoing, refusal, repeated, shown_own
from textfirst.messages.rules.templates import Around, Person
from textfirst.messages.types import Flag, Outgoing, Own, SendRequest

decisions = load("textfirst.decisions")
messages = load("textfirst.messages")
contacts = load("textfirst.contacts")
conversations = load("textfirst.conversations")

FACTS_AT = facts_at(decisions.facts)
NUMBER = slice(2, 4)  # scheme and address, in a row of it

MANY = 15  # people made, or texts that join a conversation, in one commit, above which they are announced together: pages look anew, once

Answer = bytes | Exception  # the message as the API writes it, or why there is none


class Terms(NamedTuple):
    """What many sends of a request have in common: who asks, what for, and within which time."""

    caller: Caller
    purpose: Purpose
    not_before: datetime
    not_after: datetime
    topics: tuple[Topic, ...] = ()  # what their texts speak of
    anchor: datetime | None = None  # the event they are about


class Asked(NamedTuple):
    """A send that was read and found sound."""

    id: UUID
    terms: Terms
    request: SendRequest
    address: Address | None
    composed: Composed | None  # None: it has merge fields, and is made when its contact is known
    key: str | None
    fingerprint: bytes

    @property
    def target(self) -> Address | UUID | None:
        """A number, else a contact."""
        return self.address or self.request.contact_id


class Usable(NamedTuple):
    """The channels that a key can send by, those of them that are on, and the one that takes everything where there is no choice."""

    known: list[Sender]
    on: list[Sender]
    only: UUID | None


class Sound(NamedTuple):
    """A send that may leave, before it is placed in its conversation."""

    asked: Asked
    facts: Facts
    decision: Decision
    composed: Composed
    channel_id: UUID


People = dict[Any, Facts]  # by number (scheme and address, as rows have it) or by contact, as they are asked for
Threads = dict[UUID, dict[UUID, UUID]]  # conversations by inbox and contact


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt about everybody in a batch, and what was made of it so far."""

    settings: InForce
    channels: list[Sender]
    met: People
    numberless: set[UUID]  # contacts that have no number
    last_channels: dict[UUID, UUID]  # by contact
    inboxes: dict[UUID, UUID]  # by channel
    threads: Threads
    people: dict[UUID, Person]  # by contact; only of those whose text has merge fields
    around: Around
    now: datetime
    taken: dict[UUID, str] = field(default_factory=dict)  # by contact: what of this batch counts for those behind it
    _verdicts: dict[int, Verdicts] = field(default_factory=dict)
    _usable: dict[bool, Usable] = field(default_factory=dict)

    def decide(self, terms: Terms, facts: Facts) -> Decision:
        """Equal facts are decided once for all who ask the same."""
        verdicts = self._verdicts.get(id(terms))
        if verdicts is None:
            what = Question(
                terms.purpose, self.now, not_before=terms.not_before, not_after=terms.not_after, anchor=terms.anchor, topics=terms.topics
            )
            verdicts = self._verdicts[id(terms)] = Verdicts(what, self.settings.policy, version=self.settings.version)
        return verdicts[facts[WHO:]]

    def usable(self, *, live: bool) -> Usable:
        """Of a live key, or of a test key, which reaches the simulator only."""
        found = self._usable.get(live)
        if found is None:
            known = [channel for channel in self.channels if live or channel.kind == SIMULATOR]
            on = [channel for channel in known if channel.enabled]
            only = on[0].id if on and not on[0].pool and not self.last_channels else None
            found = self._usable[live] = Usable(known, on, only)
        return found

    def thread(self, one: Sound) -> UUID | None:
        """The conversation there is with somebody in the inbox of the channel."""
        there = self.threads.get(self.inboxes[one.channel_id]) if self.threads else None
        return there.get(one.facts.contact_id) if there else None

    def count(self, one: Sound) -> None:
        """What is behind it in the batch is decided as if it had been sent."""
        purpose, contact_id = one.asked.terms.purpose, one.facts.contact_id
        if purpose in CAPPED:
            self.taken[contact_id] = f"{self.taken.get(contact_id, '')} {minute_of(self.now)}.{int(purpose)}"

    def learn_anew(self, facts: dict[UUID, Facts]) -> None:
        """Newer facts of some, of whom nothing in this batch is decided any more."""
        self.met.update({target: facts[known.identity_id] for target, known in self.met.items() if known.identity_id in facts})
        for one in facts.values():
            self.taken.pop(one.contact_id, None)


async def accept_batch(work: Work, batch: Sequence[Asked], *, address_key: bytes, now: datetime) -> list[Answer]:
    """An answer or an error for each, in order; true once `work` is committed. A key that another transaction kept meanwhile is a UniqueViolation."""
    answers: dict[int, Answer] = {}
    for workspace_id, asked in _by_workspace(batch).items():
        work.enter(workspace_id)
        answers |= await _Send(work, workspace_id, asked, address_key, now).run()
    return [answers[id(asked)] for asked in batch]


def _by_workspace(batch: Iterable[Asked]) -> dict[UUID, list[Asked]]:
    grouped: dict[UUID, list[Asked]] = defaultdict(list)
    for asked in batch:
        grouped[asked.terms.caller.workspace_id].append(asked)
    return dict(sorted(grouped.items()))  # one order of locks for everybody


class _Send:
    """What one workspace sends in one transaction."""

    def __init__(self, work: Work, workspace_id: UUID, asked: list[Asked], address_key: bytes, now: datetime) -> None:
        self._work = work
        self._workspace_id = workspace_id
        self._asked = asked
        self._address_key = address_key
        self._now = now
        self._answers: dict[int, Answer] = {}  # by the object that was asked
        self._made: list[UUID] = []  # contacts of numbers that were new

    async def run(self) -> dict[int, Answer]:
        keys, channels, settled, met, reached = await self._meet()
        fresh = _first_of_each_key(self._without_known(keys))
        if fresh:
            known = await self._learn(fresh, [Sender(*row) for row in channels], in_force(settled), _by_number(met), dict(reached))
            sound = await self._in_turn(self._decide(fresh, known), fresh, known)
            await self._replace(sound)
            self._write(sound, self._keep_decisions(sound), await self._place(sound, known))
        self._answer_repeats()
        return self._answers

    async def _meet(self) -> list[Rows]:
        """Which keys are known, by what may be sent and how, and whom they are for: what nothing else has to be known for."""
        keys = list({one.key for one in self._asked if one.key})
        addresses = [one.address for one in self._asked if one.address]
        contact_ids = [one.request.contact_id for one in self._asked if one.request.contact_id]
        return await self._work.ask_all(
            (messages.key, {"keys": keys}) if keys else None,
            (load("textfirst.channels").senders, {}),
            (decisions.policy, {}),
            (FACTS_AT, {**_places(addresses), **self._sent(self._asked)}) if addresses else None,
            (contacts.reach, {"contact_ids": contact_ids}) if contact_ids else None,
        )

    # ---- Idempotency-Keys (D1)

    def _without_known(self, keys: Rows) -> list[Asked]:
        """Answer from memory what was asked before under the same key; the rest is to be done."""
        known = {key: (bytes(fingerprint), answered(kept, message)) for key, fingerprint, kept, *message in keys}
        if not known:
            return self._asked
        for one in self._asked:
            if one.key in known:
                self._answers[id(one)] = _remembered(one, *known[one.key])
        return [one for one in self._asked if one.key not in known]

    def _answer_repeats(self) -> None:
        """The same key twice in one batch: the first was sent, the others get its answer."""
        repeats = [one for one in self._asked if id(one) not in self._answers]
        first = {one.key: one for one in reversed(self._asked) if one.key is not None and id(one) in self._answers} if repeats else {}
        for one in repeats:
            original = first[one.key or ""]
            same = one.fingerprint == original.fingerprint
            self._answers[id(one)] = self._answers[id(original)] if same else _remembered(one, b"", None)

    def _keep_keys(self, keyed: list[tuple[Asked, Own]]) -> None:
        """Keep what is answered, for whoever asks again; in the order of keys."""
        keyed.sort(key=_key_of)
        kept = {like: kept_of(message.like) for like, message in {id(message.like): message for _, message in keyed}.items()}
        self._work.tell(
            messages.keep_keys,
            ids=new_ids(len(keyed)),
            keys=[one.key for one, _ in keyed],
            fingerprints=[one.fingerprint for one, _ in keyed],
            message_ids=[one.id for one, _ in keyed],
            responses=[kept[id(message.like)] for _, message in keyed],
        )

    # ---- who, whether, by what

    async def _learn(
        self, fresh: list[Asked], channels: list[Sender], settings: InForce, met: People, reached: dict[UUID, UUID | None]
    ) -> Known:
        """Everything the decisions and the rows need, each question asked once for all; who is new is made."""
        strangers = [one.address for one in fresh if one.address and one.address not in met]
        new = make_params(self._workspace_id, strangers, self._address_key) if strangers else None
        identity_ids = {identity_id: contact_id for contact_id, identity_id in reached.items() if identity_id}
        there = [*(facts.contact_id for facts in met.values()), *reached]
        usable = [sender.id for sender in channels if sender.enabled]
        joins = any(terms.purpose not in TALKING for terms in _different(fresh))
        _, stands, aimed, last, inboxes, threads = await self._work.ask_all(
            (contacts.make, new) if new else None,
            (decisions.remembered, {"hashes": new["hashes"]}) if new else None,
            (decisions.facts, {"identity_ids": list(identity_ids), **self._sent(fresh)}) if identity_ids else None,
            (messages.last_channels, {"contact_ids": there, "channel_ids": usable}) if there and len(usable) > 1 else None,
            (conversations.inboxes, {}) if joins and there else None,
            (conversations.threads, {"contact_ids": there}) if joins and there else None,
        )
        if new:
            self._made = new["contact_ids"]
            met |= {(TEL, facts.address): facts for facts in await self._newcomers(new, {row[0] for row in stands}, settings.version)}
        met |= {identity_ids[identity_id]: facts for identity_id, facts in facts_by_identity(aimed).items()}
        numberless = {contact_id for contact_id, identity_id in reached.items() if not identity_id}
        people, around = await self._names(fresh, met)
        return Known(
            settings,
            channels,
            met,
            numberless,
            dict(last),
            {row[0]: row[1] for row in inboxes},
            _by_inbox(threads),
            people,
            around,
            self._now,
        )

    async def _newcomers(self, new: Mapping[str, Any], stands: set[bytes], version: int) -> list[Facts]:
        """What is known of those just made: nothing, unless something stands about their number from before."""
        made = zip(new["identity_ids"], new["contact_ids"], new["addresses"], strict=True)
        facts = [newcomer(identity_id, contact_id, address, version=version) for identity_id, contact_id, address in made]
        known = [one.identity_id for one, hashed in zip(facts, new["hashes"], strict=True) if hashed in stands] if stands else []
        found = await self._work.ask(decisions.facts, identity_ids=known, **self._sent([])) if known else []
        return [*facts, *map(Facts._make, found)]

    async def _names(self, fresh: list[Asked], met: People) -> tuple[dict[UUID, Person], Around]:
        """What merge fields are filled with; of those whose text has some."""
        merging = [met[one.target].contact_id for one in fresh if one.composed is None and one.target in met]
        if not merging:
            return {}, Around()
        people, house = await self._work.ask_all((messages.people, {"contact_ids": merging}), (messages.house, {}))
        return {row[0]: Person(row[1], row[2], "", *row[3:]) for row in people}, Around(workspace=house[0][0])

    def _sent(self, asked: list[Asked]) -> Mapping[str, Any]:
        """Of `sql/facts.sql`: whether to look at what was sent lately."""
        return sent_params({terms.purpose for terms in _different(asked)}, self._now)

    def _decide(self, asked: Iterable[Asked], known: Known) -> list[Sound]:
        """What will be sent; whatever may not be sent gets its error."""
        sound: list[Sound] = []
        several = _twice(asked, known)
        for one in asked:
            try:
                sound.append(_sound(one, known))
            except TextfirstError as error:
                self._answers[id(one)] = error
            else:
                if several:
                    known.count(sound[-1])
        return sound

    async def _in_turn(self, sound: list[Sound], fresh: list[Asked], known: Known) -> list[Sound]:
        """Those whose caps are near are decided again once nobody else decides about them: two at one moment must not both take the last room."""
        near = {key for key, decision in {id(one.decision): one.decision for one in sound}.items() if is_near(decision)}
        crowded = {one.facts.contact_id for one in sound if id(one.decision) in near}
        if not crowded:
            return sound
        again = [one for one in fresh if one.target in known.met and known.met[one.target].contact_id in crowded]
        identities = {known.met[one.target].identity_id for one in again}
        _, facts = await self._work.ask_all(
            (decisions.take_turns, {"contact_ids": list(crowded)}),
            (decisions.facts, {"identity_ids": list(identities), **self._sent(again)}),
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

    async def _place(self, sound: list[Sound], known: Known) -> list[UUID | None]:
        """The conversation of each. An answer to a customer opens it; anything else joins the one there is, as a campaign's texts do."""
        places = [known.thread(one) for one in sound]
        opening = [place for place, one in enumerate(sound) if one.asked.terms.purpose in TALKING]
        if opening:
            said = [Said(one.facts.contact_id, one.channel_id, one.asked.id, self._now) for one in (sound[place] for place in opening)]
            threads = threads_of(await self._work.ask(conversations.open, **open_params(self._workspace_id, said)), said)
            for place, thread in zip(opening, threads, strict=True):
                places[place] = thread.conversation_id if thread else None
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

    def _write(self, sound: list[Sound], kept: dict[int, UUID], places: list[UUID | None]) -> None:
        """Messages, outbox, keys, events; one notification a channel."""
        ready = _messages(sound, kept, places)
        if ready:
            self._answers |= {id(one.asked): shown for one, shown in zip(sound, shown_own(ready), strict=True)}
            keyed = [(one.asked, message) for one, message in zip(sound, ready, strict=True) if one.asked.key]
            if keyed:
                self._keep_keys(keyed)
            self._work.tell(messages.accept, **own_params(self._workspace_id, ready))
            for channel_id in {like.channel_id for like in {id(message.like): message.like for message in ready}.values()}:
                self._work.tell(messages.wake_outbox, channel_id=channel_id)
        happened = [*_met(self._workspace_id, self._made), *_said(self._workspace_id, ready)]
        if happened:
            self._work.tell(load("textfirst.events").record, **record_params(self._workspace_id, happened))


def _met(workspace_id: UUID, made: Collection[UUID]) -> list[Fact]:
    """That there are new contacts: each told by itself, or a crowd together, as after an import."""
    if len(made) > MANY:
        return [Fact("contacts.changed", workspace_id, {})]
    return [Fact("contact.updated", contact_id, {}) for contact_id in made]


def _said(workspace_id: UUID, ready: list[Own]) -> list[Fact]:
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


def _different(asked: Iterable[Asked]) -> Collection[Terms]:
    """On what terms they ask."""
    return {id(one.terms): one.terms for one in asked}.values()


def _by_number(rows: Rows) -> People:
    """Rows of `sql/facts.sql`."""
    return {row[NUMBER]: Facts._make(row) for row in rows}


def _by_inbox(rows: Rows) -> Threads:
    """Rows of `sql/threads.sql`."""
    threads: Threads = defaultdict(dict)
    for contact_id, inbox_id, identifier in rows:
        threads[inbox_id][contact_id] = identifier
    return threads


def _places(addresses: list[Address]) -> dict[str, Any]:
    """Parameters of `FACTS_AT`: where to look for whom."""
    return {"scheme": TEL, "addresses": [address.address for address in dict.fromkeys(addresses)]}  # there is no other scheme (`read_urn`)


def _key_of(keyed: tuple[Asked, Own]) -> str:
    return keyed[0].key or ""


def _twice(asked: Iterable[Asked], known: Known) -> bool:
    """Whether somebody is texted more than once."""
    contact_ids = [known.met[one.target].contact_id for one in asked if one.target in known.met]
    return len(set(contact_ids)) < len(contact_ids)


def _sound(asked: Asked, known: Known) -> Sound:
    """What may be sent, and by what; raises TextfirstError with the reason when it may not."""
    facts = _facts(asked, known)
    channel_id = _choose_channel(asked, known, facts)
    decision = known.decide(asked.terms, facts)
    refused = refusal(decision)
    if refused is not None:
        raise refused
    composed = asked.composed or compose(asked.request.text, known.people[facts.contact_id].at(facts.address), known.around)
    return Sound(asked, facts, decision, composed, channel_id)


def _messages(sound: list[Sound], kept: dict[int, UUID], places: list[UUID | None]) -> list[Own]:
    """What is written of each; what many share is made once."""
    sorts: dict[tuple[int, ...], Outgoing] = {}
    ready = []
    for one, conversation_id in zip(sound, places, strict=True):
        asked, facts, decision, composed, channel_id = one
        sort = (id(asked.terms), id(decision), id(channel_id), composed.encoding, composed.segments)
        like = sorts.get(sort)
        if like is None:
            like = sorts[sort] = _outgoing(one, conversation_id, kept[id(decision)])
        entry_id = entry_of(facts, asked.terms.purpose)
        ready.append(Own(asked.id, facts.contact_id, facts.identity_id, conversation_id, entry_id, facts.address, composed.text, like))
    return ready


def _outgoing(one: Sound, conversation_id: UUID | None, decision_id: UUID) -> Outgoing:
    asked, terms = one.asked, one.asked.terms
    return outgoing(
        asked.id, facts=one.facts, decision=one.decision, composed=one.composed, channel_id=one.channel_id, purpose=terms.purpose,
        not_before=terms.not_before, not_after=terms.not_after, conversation_id=conversation_id, api_key_id=terms.caller.key_id,
        flags=Flag(0) if terms.caller.live else Flag.TEST, decision_id=decision_id,
    )  # fmt: skip


def _facts(asked: Asked, known: Known) -> Facts:
    facts = known.met.get(asked.target)
    if facts is None:
        if asked.target in known.numberless:
            raise InvalidInput(REASONS["no_number"], code="no_number", fields={"contact_id": REASONS["no_number"]})
        raise NotFound("There is no such contact in this workspace.")
    taken = known.taken.get(facts.contact_id) if known.taken else None
    return facts._replace(sent=(facts.sent + taken).lstrip()) if taken else facts


def _choose_channel(asked: Asked, known: Known, facts: Facts) -> UUID:
    """The channel asked for, else the one last used with them, else the first that is on, or who stands in for it.

    A test key reaches the simulator only.
    """
    if asked.request.channel_id is not None:
        return _wanted(asked, known.channels)
    usable = known.usable(live=asked.terms.caller.live)
    if usable.only is not None:
        return usable.only
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
    if not asked.terms.caller.live and wanted.kind != SIMULATOR:
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
