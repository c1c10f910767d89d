"""Receiving: receipts, texts and parts of texts, stored before the carrier hears that we have them.

Theory of operation. A batch of arrivals is one transaction. Committed: all are acknowledged. Database away: all are refused, so
that the carrier keeps them. A batch that the database will not take is halved until the bad one is alone; that one is kept in
`intake_rejected` and acknowledged, for sending it again would change nothing.

After a lost session a carrier sends again whatever it did not see us acknowledge. Those copies are told from new texts that happen to
be equal by when and how often the same bytes were stored: see `Repeats`.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from math import inf
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.channels.contract import Arrival, Fate, Garbled, Line, ReceiptSeen, Text
from textfirst.consent.rules.answers import CONFIRM_WITHIN, answer
from textfirst.consent.rules.hearing import hear
from textfirst.consent.rules.opting_in import JoinWords
from textfirst.consent.rules.scopes import ALL
from textfirst.consent.rules.words import ConsentWords, HelpWords, HoldWords, StartWords, StopWords
from textfirst.consent.types import Changed, Word
from textfirst.conversations.types import Said
from textfirst.core import failpoints
from textfirst.core.ids import new_id, new_ids
from textfirst.core.logs import origin
from textfirst.core.purposes import Purpose
from textfirst.decisions.types import Stamp
from textfirst.engine.answering import Writer, automatic, hand_over, tell_away
from textfirst.engine.bind import Bind
from textfirst.engine.joining import Joining, Joins, join, joins
from textfirst.engine.ports import (
    Found,
    InboundRow,
    Orphan,
    PartRow,
    PartSet,
    Person,
    ReceiptRow,
    Sought,
    Standing,
    StoreAway,
    StoreRefused,
    Work,
)
from textfirst.engine.progress import Overtaken, Report, advance
from textfirst.engine.recent import Sent, tail
from textfirst.engine.shifts import Goal, shift
from textfirst.events.types import Fact
from textfirst.messages.types import Encoding, Flag, Outgoing, Status
from textfirst.protocols.text import REPLACEMENT, storable

log = logging.getLogger(__name__)

RECEIPTS_WAIT: Final = timedelta(hours=72)  # D12
PARTS_WAIT: Final = timedelta(minutes=10)  # D31
REPEATS_FOR: Final = 300.0  # seconds of a new session in which copies of old texts are expected
UNREADABLE: Final = "[…]"  # shown for a text that is binary; its bytes are kept

STATUSES: Final[Mapping[Fate, Status]] = {
    Fate.ENROUTE: Status.ENROUTE,
    Fate.DELIVERED: Status.DELIVERED,
    Fate.READ: Status.READ,
    Fate.EXPIRED: Status.EXPIRED,
    Fate.REJECTED: Status.REJECTED,
    Fate.UNDELIVERABLE: Status.UNDELIVERABLE,
    Fate.UNKNOWN: Status.UNKNOWN,
}
REASONS: Final[Mapping[Status, str]] = {
    Status.EXPIRED: "expired",
    Status.REJECTED: "rejected_by_carrier",
    Status.UNDELIVERABLE: "undeliverable",
    Status.UNKNOWN: "not_answered",
}


class Heard(NamedTuple):
    """A whole text, as it goes to its thread."""

    id: UUID
    source: str
    text: str | None
    raw: bytes
    flags: Flag
    came: datetime | None = None  # before now, if it has waited


Sieve = Callable[[Work, Sequence[Arrival]], Awaitable[Sequence[Arrival]]]


class Intake:
    """The receiving side of one bind. `sieve` is asked in each transaction, first of all, for those arrivals that are to be stored in it."""

    def __init__(self, bind: Bind, sieve: Sieve | None = None) -> None:
        self._bind = bind
        self._sieve = sieve
        self._repeats = Repeats()
        self._moved: Mapping[Sent, Goal] = {}  # by the transaction that is open
        self._orphans = 0  # in it
        self._reported: list[UUID] = []  # in it: attempts of others that had their last word

    async def opened(self, since: datetime | None) -> None:
        """A new session begins; texts stored since `since` may come again. Raises StoreAway."""
        bind = self._bind
        began = self._repeats.doubtful_since(since)
        if began is not None and bind.lease is not None:
            self._repeats.expect(await bind.engine.store.heard_before(bind.lease, began), time.monotonic())

    def closed(self, line: Line) -> None:
        """A session has ended; what the line last knew of our acknowledgements counts."""
        self._repeats.proven(line.proven)

    async def receive(self, line: Line, arrivals: Sequence[Arrival]) -> None:
        """Store a batch and answer for it."""
        now = datetime.now(UTC)
        absorbed: list[bytes] = []
        try:
            await self._end_doubt()
            await self.store(self._fresh(arrivals, absorbed), now)
        except (StoreAway, Overtaken) as error:
            self._repeats.give_back(absorbed)
            log.warning("inbound refused: %s", error, extra={"channel": str(self._bind.facts.id)})
            self._repeats.in_doubt(now)
            self.refuse(line, arrivals)
            return
        self._bind.engine.counts["repeated"] += len(absorbed)
        if failpoints.armed:
            failpoints.reach("inbound.before_ack")
        line.acknowledge(_tickets(arrivals))
        self._repeats.acknowledged(len(arrivals), now, line.proven)

    async def _end_doubt(self) -> None:
        """A commit may have been done whose answer we never had: what it stored was refused, and comes again. Raises StoreAway."""
        bind = self._bind
        since = self._repeats.doubt
        if since is not None and bind.lease is not None:
            self._repeats.settle(await bind.engine.store.heard_before(bind.lease, since), time.monotonic())

    def _fresh(self, arrivals: Sequence[Arrival], absorbed: list[bytes]) -> list[Arrival]:
        """Those that are no copies; the others go to `absorbed`."""
        fresh: list[Arrival] = []
        for one in arrivals:
            if isinstance(one, Text) and self._repeats.is_repeat(one.pdu, time.monotonic()):
                absorbed.append(one.pdu)
            else:
                fresh.append(one)
        return fresh

    def refuse(self, line: Line, arrivals: Sequence[Arrival]) -> None:
        """The carrier shall keep these."""
        if arrivals:
            self._bind.engine.counts["inbound_refused"] += len(arrivals)
            line.refuse(_tickets(arrivals))
            self._repeats.acknowledged(len(arrivals), datetime.now(UTC), line.proven)

    async def store(self, arrivals: Sequence[Arrival], now: datetime) -> None:
        """All in one transaction; a batch with a bad one in it in halves, and the bad one is put aside. Raises StoreAway, Overtaken."""
        if not arrivals:
            return
        try:
            await self._transaction(arrivals, now)
        except (StoreAway, Overtaken):
            raise
        except Exception as error:  # noqa: BLE001 - refused by the database, or a mistake of ours: one text must not take its channel with it
            if len(arrivals) == 1:
                await self._reject(arrivals[0], _problem(error), now)
                return
            middle = len(arrivals) // 2
            await self.store(arrivals[:middle], now)
            await self.store(arrivals[middle:], now)

    async def again(self, arrival: Arrival, now: datetime) -> str:
        """Store one that was put aside before, as it would have been then; why it cannot be this time either, or nothing.

        Raises StoreAway, Overtaken.
        """
        try:
            await self._transaction([arrival], now)
        except (StoreAway, Overtaken):
            raise
        except Exception as error:  # noqa: BLE001 - as in `store`
            return _problem(error)
        return ""

    async def _reject(self, arrival: Arrival, problem: str, now: datetime) -> None:
        log.error(
            "an inbound message could not be stored and was put aside", extra={"channel": str(self._bind.facts.id), "problem": problem}
        )
        async with self._bind.engine.store.begin(self._bind.facts.workspace_id) as work:
            if self._sieve is not None:
                await self._sieve(work, [arrival])
            work.reject(self._bind.facts.id, arrival.pdu, problem, now)
        self._bind.engine.counts["rejected_inbound"] += 1

    async def _transaction(self, arrivals: Sequence[Arrival], now: datetime) -> None:
        self._moved, self._orphans, self._reported = {}, 0, []
        try:
            await self._do_transaction(arrivals, now)
        except BaseException:  # cancelled as well: the recorder writes these rows again
            for sent in self._moved:
                sent.until = time.monotonic()
            raise

    async def _do_transaction(self, arrivals: Sequence[Arrival], now: datetime) -> None:
        bind, engine = self._bind, self._bind.engine
        async with engine.store.begin(bind.facts.workspace_id) as work:
            if self._sieve is not None:
                arrivals = await self._sieve(work, arrivals)
            receipts = [one for one in arrivals if isinstance(one, ReceiptSeen)]
            texts = [one for one in arrivals if isinstance(one, Text)]
            joined = await joins(work, [(_source(text.source), text.text) for text in texts if text.place is None], now)
            if any(joined) or any(text.place or (text.text and _is_asked(hear(text.text))) for text in texts):
                await work.lock()
            moved = await self._receipts(work, receipts, now) if receipts else set()
            heard = [*_whole(texts), *await self._parts(work, texts, now)]
            stopped = await self._texts(work, heard, joined, now) if heard else []
            stopped_at = time.monotonic()  # under the lock: claims that begin later wait for our commit and see it
            for garbled in (one for one in arrivals if isinstance(one, Garbled)):
                work.reject(bind.facts.id, garbled.pdu, garbled.problem, now)
            work.announce(engine.campaigns.due(bind.facts.workspace_id, time.monotonic()))
            if failpoints.armed and receipts:
                failpoints.reach("receipt.before_commit")
            if failpoints.armed and heard:
                failpoints.reach("text.before_commit")
        if failpoints.armed and receipts:
            failpoints.reach("receipt.committed")
        if self._orphans:
            bind.orphans = True
            bind.orphans_seen += self._orphans
            engine.counts["orphans"] += self._orphans
        self._note_delays()
        for sent, goal in self._moved.items():
            bind.recent.said(sent, goal.status)
        engine.campaigns.moved(bind.facts.workspace_id, moved)
        for address in stopped:
            engine.stops.stopped(bind.facts.workspace_id, address, stopped_at)
        engine.counts["receipts"] += len(receipts)
        engine.counts["texts"] += len(heard)

    def _note_delays(self) -> None:
        """How long the carrier took to its last word, of the texts that had none before; once their receipts are committed."""
        ends = time.time_ns() // 1_000_000
        begun = [one.attempt >> 80 for one, goal in self._moved.items() if one.status < Status.UNKNOWN <= goal.status]
        begun += [one.int >> 80 for one in self._reported]
        if begun:
            self._bind.reported_after.add_all([max(0, ends - at) / 1000 for at in begun])

    async def join_late_parts(self, now: datetime) -> None:
        """Long texts of which a part never came are delivered as they are, and say so. Raises StoreAway."""
        bind = self._bind
        async with bind.engine.store.begin(bind.facts.workspace_id) as work:
            if not await work.has_late_parts(bind.facts.id, now - PARTS_WAIT):
                return
            await work.lock()  # what has come of them may ask us to stop
            sets = await work.late_parts(bind.facts.id, now - PARTS_WAIT)
            stopped = await self._texts(work, [self._join(one) for one in sets], Joins(), now) if sets else []
            stopped_at = time.monotonic()
        for address in stopped:
            bind.engine.stops.stopped(bind.facts.workspace_id, address, stopped_at)

    # ── receipts ────────────────────────────────────────────────────────────────────────────────────────

    async def _receipts(self, work: Work, receipts: Sequence[ReceiptSeen], now: datetime) -> set[UUID]:
        """Find what each speaks of, keep it as it came, move the messages."""
        ids = iter(new_ids(len(receipts)))
        recent = self._bind.recent
        rows: list[ReceiptRow] = []
        goals: dict[Sent, Goal] = {}
        others: list[ReceiptSeen] = []
        for receipt in receipts:
            sent = recent.find(receipt.provider_id, receipt.phones) if receipt.provider_id else None
            if sent is None:
                others.append(receipt)
                continue
            status = STATUSES[receipt.fate] if receipt.fate else Status.ENROUTE
            rows.append(_receipt_row(next(ids), receipt, sent.id, 1, status))
            if receipt.fate is not None and status > max(sent.status, goals[sent].status if sent in goals else 0):
                goals[sent] = Goal(status, _why(status, receipt.error))
        moved = await self._other_receipts(work, others, rows, ids, now)
        work.receipts(self._bind.facts.id, rows)
        if goals:
            self._moved = goals
            for sent in goals:
                sent.until = inf  # the recorder, beside us, shall not write the step to `accepted` of the same rows
            moved |= await shift(work, goals, now)
        return moved

    async def _other_receipts(
        self, work: Work, receipts: Sequence[ReceiptSeen], rows: list[ReceiptRow], ids: Iterator[UUID], now: datetime
    ) -> set[UUID]:
        """Receipts of what was handed over longer ago, of long texts, of single messages; and those that nobody knows."""
        named = [receipt for receipt in receipts if receipt.provider_id and receipt.message_id is None]
        sought = await work.find(self._bind.facts.id, [_sought(r) for r in named], now - RECEIPTS_WAIT) if named else []
        found = dict(zip(map(id, named), sought, strict=True)) | await self._own(work, receipts)
        reports: list[Report] = []
        known: list[Standing] = []
        for receipt in receipts:
            match = found.get(id(receipt))
            status = STATUSES[receipt.fate] if receipt.fate else Status.ENROUTE
            rows.append(_receipt_row(next(ids), receipt, match.standing.id if match else None, match.part if match else 1, status))
            if match is None:
                self._orphans += 1
            elif receipt.fate is not None:
                reports.append(_receipt_report(match.standing, match.part, match.parts, status, receipt.error))
                known.append(match.standing)
                if match.attempt_id is not None and match.standing.status < Status.UNKNOWN <= status:
                    self._reported.append(match.attempt_id)
        return await advance(work, reports, known, now) if reports else set()

    async def _own(self, work: Work, receipts: Sequence[ReceiptSeen]) -> dict[int, Found | None]:
        """Receipts that name a message as we do: it is there, whether or not the answer to it ever came (D10)."""
        asked = {id(one): one.message_id for one in receipts if one.message_id is not None}
        if not asked:
            return {}
        known = await work.find_own(self._bind.facts.id, list(dict.fromkeys(asked.values())))
        return {key: Found(at, 1, len(at.parts or (1,))) if (at := known.get(one)) else None for key, one in asked.items()}

    # ── texts ───────────────────────────────────────────────────────────────────────────────────────────

    async def _parts(self, work: Work, texts: Sequence[Text], now: datetime) -> list[Heard]:
        """Keep parts; long texts that are whole now."""
        rows = [
            PartRow(new_id(), storable(one.source), storable(one.destination), one.place, one.coding, one.pdu) for one in texts if one.place
        ]
        if not rows:
            return []
        return [self._join(one) for one in await work.keep_parts(self._bind.facts.id, rows, now)]

    def _join(self, parts: PartSet) -> Heard:
        whole = self._bind.adapter.join(parts.pdus, parts.total)
        return _heard(parts.source, whole.text, b"".join(parts.pdus), Flag.PART_MISSING if whole.missing else Flag(0))

    async def _texts(self, work: Work, heard: Sequence[Heard], joined: Joins, now: datetime) -> list[str]:
        """Texts into their threads, and what they say about consent into effect; the addresses that stopped."""
        channel_id = self._bind.facts.id
        people = await work.people([one.source for one in heard])
        threads = await work.threads([Said(people[one.source].contact_id, channel_id, one.id, now, unread=1) for one in heard])
        conversations = [thread.conversation_id if thread else None for thread in threads]
        work.texts(
            channel_id,
            Purpose.SUPPORT,
            [_row(one, people[one.source], where) for one, where in zip(heard, conversations, strict=True)],
            now,
        )
        work.announce(
            [
                Fact("message.received", where, {"message_id": str(one.id), "contact_id": str(people[one.source].contact_id)})
                for one, where in zip(heard, conversations, strict=True)
                if where is not None
            ]
        )
        asked = [
            (one, words, where)
            for one, where in zip(heard, conversations, strict=True)
            if one.text and (words := hear(one.text)) and _is_asked(words, joined, one.source)
        ]
        stopped = await self._consent(work, asked, people, joined, now) if asked else []
        heard_words = {one.source for one, _, _ in asked}  # who speaks of consent or asks for help has their answer, or wants none
        others = [
            Writer(people[one.source], one.source, where)
            for one, where in zip(heard, conversations, strict=True)
            if one.source not in heard_words
        ]
        await tell_away(work, channel_id, others, now)
        return stopped

    async def _consent(
        self,
        work: Work,
        asked: Sequence[tuple[Heard, ConsentWords | JoinWords, UUID | None]],
        people: Mapping[str, Person],
        joined: Joins,
        now: datetime,
    ) -> list[str]:
        """Stops, starts and joinings in the order they came, then one answer to each; the addresses that stopped."""
        replies: list[Outgoing | None] = []
        stopped: dict[str, bool] = {}
        for one, words, where in asked:
            writer = Writer(people[one.source], one.source, where)
            if isinstance(words, JoinWords):
                said = Joining(words, storable(one.text or ""), one.id, writer)
                replies.append(await join(work, said, joined, channel=self._bind.facts, url=self._bind.engine.url, now=now))
                continue
            changed = await self._take_effect(work, one, words, person=writer.person, now=now)
            if isinstance(words, StartWords) or (isinstance(words, StopWords) and words.scope == ALL):
                stopped[one.source] = isinstance(words, StopWords)
            work.announce(_told(words, person=writer.person, message_id=one.id, changed=changed))
            replies.append(await self._answer(work, words, writer, changed=changed, came=one.came or now, now=now))
        await hand_over(work, [reply for reply in replies if reply], now)
        return [address for address, is_stop in stopped.items() if is_stop]

    async def _answer(
        self, work: Work, words: ConsentWords, writer: Writer, *, changed: bool, came: datetime, now: datetime
    ) -> Outgoing | None:
        """What we say by ourselves to a wish that came at `came`, with five minutes to leave; None when nothing shall be said."""
        house, person = await work.house(), writer.person
        text = answer(
            words, changed=changed, business=house.name, number=self._bind.facts.address, language=house.language, received_at=came, now=now
        )  # fmt: skip
        if not text:
            return None
        facts = (await work.facts([person.identity_id])).get(person.identity_id)
        stamp = Stamp(facts.identity_version, facts.workspace_version) if facts else Stamp(person.version, house.version)
        return automatic(text, writer, channel_id=self._bind.facts.id, stamp=stamp, now=now, until=came + CONFIRM_WITHIN)

    async def _take_effect(self, work: Work, one: Heard, words: ConsentWords, *, person: Person, now: datetime) -> bool:
        said = [Word(person.identity_id, one.id, storable(one.text or ""), words.keyword)]
        changed: list[Changed] = []
        match words:
            case StopWords():
                changed = await work.stop(said, self._bind.facts.id, now, scope=words.scope)
            case HoldWords() if not await self._has_stopped(work, person):
                changed = await work.hold(said, self._bind.facts.id, now)
            case StartWords():
                changed = await work.start(said, self._bind.facts.id, now)
        return any(one.changed for one in changed)

    async def _has_stopped(self, work: Work, person: Person) -> bool:
        """Whether they stopped everything before: then there is nothing left to ask about."""
        facts = (await work.facts([person.identity_id])).get(person.identity_id)
        return facts is not None and bool(facts.stopped & 1)


class Repeats:
    """Which arrivals are copies of what is stored already.

    A copy can only be of a text whose acknowledgement the carrier may not have read. The line proves acknowledgements read (whatever
    the carrier answers to a later request of ours comes after it read them); what is stored since the oldest unproven one, and only
    as often as it is stored, is expected again for the first minutes of the next session.
    """

    def __init__(self) -> None:
        self._unproven: deque[tuple[int, datetime]] = deque()
        self._answered = 0
        self._doubt: datetime | None = None
        self._expected: Counter[bytes] = Counter()
        self._expected_since: datetime | None = None
        self._until = 0.0

    @property
    def doubt(self) -> datetime | None:
        """Since when a transaction of this session may have stored what was then refused."""
        return self._doubt

    def acknowledged(self, count: int, stored_at: datetime, proven: int) -> None:
        """`count` more arrivals were answered, and the carrier has certainly read the answers to `proven` in all."""
        self._answered += count
        self._unproven.append((self._answered, stored_at))
        self.proven(proven)
        if len(self._unproven) > 10_000:  # a carrier that answers nothing of ours: doubt all since the oldest
            self.in_doubt(self._unproven[0][1])
            self._unproven.clear()

    def proven(self, count: int) -> None:
        """The carrier has read our answers to the first `count` arrivals."""
        while self._unproven and self._unproven[0][0] <= count:
            self._unproven.popleft()

    def in_doubt(self, since: datetime) -> None:
        """A transaction whose end we do not know: it may have been stored."""
        self._doubt = min(self._doubt or since, since)

    def settle(self, stored: Sequence[bytes], now: float) -> None:
        """What was stored since the doubt began: its copies are expected, in this session or, while some are missing, in the next."""
        self._expected_since = min(self._expected_since or self._doubt, self._doubt) if self._expected and self._doubt else self._doubt
        self._expected.update(_digest(frame) for raw in stored for frame in _frames(raw))
        self._until = now + REPEATS_FOR
        self._doubt = None

    def give_back(self, pdus: Sequence[bytes]) -> None:
        """Copies of a batch that was refused after all: they come once more."""
        self._expected.update(map(_digest, pdus))

    def doubtful_since(self, before_us: datetime | None) -> datetime | None:
        """From when stored texts may come again, for a session about to begin; what holders before us stored since `before_us` counts."""
        missing = self._expected_since if self._expected.total() else None
        oldest = self._unproven[0][1] if self._unproven else None
        moments = [moment for moment in (before_us, self._doubt, oldest, missing) if moment is not None]
        self._unproven.clear()
        self._answered = 0
        self._doubt = None
        return min(moments) if moments else None

    def expect(self, stored: Sequence[bytes], now: float) -> None:
        self._expected = Counter(_digest(frame) for raw in stored for frame in _frames(raw))
        self._until = now + REPEATS_FOR

    def is_repeat(self, pdu: bytes, now: float) -> bool:
        """Whether this is a copy; each stored text absorbs one."""
        if not self._expected:
            return False
        if now > self._until:
            self._expected.clear()
            return False
        digest = _digest(pdu)
        if not self._expected[digest]:
            return False
        self._expected[digest] -= 1
        return True


def _problem(error: Exception) -> str:
    """Why one could not be stored, without its words unless they are the database's."""
    if isinstance(error, StoreRefused):
        return str(error)
    log.error("an inbound message met a mistake of ours", extra=origin(error))
    return type(error).__name__


def receipt_report(orphan: Orphan, standing: Standing) -> Report:
    """What an early receipt says, now that its message is known."""
    parts = len(standing.parts) if standing.parts else standing.segments
    return _receipt_report(standing, orphan.part, parts, Status(orphan.status), orphan.error or "")


def _receipt_report(standing: Standing, part: int, parts: int, status: Status, error: str) -> Report:
    return Report(standing.id, min(part, parts), parts, status, _why(status, error))


def _why(status: Status, error: str) -> str | None:
    """Our reason with the carrier's own error; none for what went well."""
    reason = REASONS.get(status)
    return f"{reason}:err {storable(error)}" if reason is not None and error and error.strip("0") else reason


def _receipt_row(identifier: UUID, receipt: ReceiptSeen, message_id: UUID | None, part: int, status: Status) -> ReceiptRow:
    return ReceiptRow(
        identifier, message_id, part, int(status), storable(receipt.provider_id), storable(receipt.error) or None, storable(receipt.phones[0]),
        receipt.pdu,
    )  # fmt: skip


def _sought(receipt: ReceiptSeen) -> Sought:
    phone, other = (tail(address) for address in (*receipt.phones, "", "")[:2])
    return Sought(storable(receipt.provider_id), phone, other or phone)


def _whole(texts: Sequence[Text]) -> Iterator[Heard]:
    for one in texts:
        if one.place is None:
            yield _heard(one.source, one.text, one.pdu, Flag(0))._replace(came=one.came)


def _heard(source: str, text: str | None, raw: bytes, flags: Flag) -> Heard:
    shown = UNREADABLE if text is None else storable(text)
    if REPLACEMENT in shown:
        flags |= Flag.REPLACED
    return Heard(new_id(), _source(source), None if text is None else shown, raw, flags)


def _source(address: str) -> str:
    return storable(address) or "unknown"


def _is_asked(words: ConsentWords | JoinWords | None, joined: Joins = Joins(), address: str = "") -> bool:  # noqa: B008 - an immutable value
    """Whether a text asks something of us; a word to join does so only where a form has it, and YES where somebody was asked."""
    return joined.means(words, address) if isinstance(words, JoinWords) else words is not None


def _row(one: Heard, person: Person, conversation_id: UUID | None) -> InboundRow:
    encoding = Encoding.BINARY if one.text is None else Encoding.GSM7 if one.text.isascii() else Encoding.UCS2
    return InboundRow(
        one.id, person.contact_id, person.identity_id, conversation_id, int(one.flags), 1, int(encoding), one.source,
        UNREADABLE if one.text is None else one.text, one.raw,
    )  # fmt: skip


def _told(words: ConsentWords, *, person: Person, message_id: UUID, changed: bool) -> list[Fact]:
    """Whom a stop, a start or a doubt is told to; a second doubt of the same person asks again, about what they wrote now."""
    told = [Fact("contact.updated", person.contact_id, {})] if changed and not isinstance(words, HelpWords) else []
    if isinstance(words, HoldWords):
        told.append(Fact("consent.suspected", person.contact_id, {"message_id": str(message_id)}))
    return told


def _tickets(arrivals: Sequence[Arrival]) -> list[Hashable]:
    return [arrival.ticket for arrival in arrivals]


def _frames(raw: bytes) -> Iterator[bytes]:
    """The PDUs that a stored text came in, one after the other, each beginning with its length."""
    at = 0
    while len(raw) - at >= 16:
        length = int.from_bytes(raw[at : at + 4], "big")
        if length < 16:
            return
        yield raw[at : at + length]
        at += length


def _digest(pdu: bytes) -> bytes:
    """What makes two PDUs the same text: all but length, status and sequence number."""
    return blake2b(pdu[16:], digest_size=16).digest()


__all__ = ["Found", "Intake", "Repeats", "receipt_report"]
