"""The invariants, judged: I1 nothing lost, I2 nothing doubled, I3 doubt is bounded, I4 no text after STOP, I5 marketing keeps to the hours,
I6 every receipt, I9 every inbound text.

A text at the carrier and a message in the database are the same when phone and words are: the drill never asks for the same words to the same
phone twice. What a carrier refused, or took and never answered, follows from its own log.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from uuid import UUID

from textfirst.drill.auditor import books as tables
from textfirst.drill.auditor.books import Books, Message, Promises, read_books, read_promises
from textfirst.drill.auditor.carrier import Carrier, Delivery, Submit, deliveries_in, read_carrier
from textfirst.drill.auditor.hours import outside
from textfirst.drill.auditor.verdict import Verdict

# message.status, as docs/explain/contracts.md numbers them
ACCEPTED, ENROUTE, UNKNOWN, SUPPRESSED, CANCELLED, DELIVERED, READ = 40, 50, 60, 70, 71, 80, 90
NEVER_LEFT = (SUPPRESSED, CANCELLED)
REPORTED = {
    1: ENROUTE,
    2: DELIVERED,
    3: 62,
    4: 64,
    5: 64,
    6: ACCEPTED,
    7: UNKNOWN,
    8: 63,
}  # SMPP's message_state → what it amounts to at least

CROSSING_MS = 250.0  # a text whose attempt was committed before a STOP leaves within this, or is decided again
CONFIRM_WITHIN_NS = 5 * 60 * 10**9  # the one answer that a STOP may get
NS_PER_MS = 1e6


def audit(*, frames: Path, database_url: str, ledger: Path, clock_error_ms: float = 50.0) -> Verdict:
    """Judge an installation at rest by the carrier's log, its database and the drill's ledger."""
    return judge(read_carrier(frames), read_books(database_url), read_promises(ledger), clock_error_ms=clock_error_ms)


def judge(carrier: Carrier, books: Books, promises: Promises, *, clock_error_ms: float = 50.0) -> Verdict:
    """What held and what did not."""
    case = _Case(carrier, books, promises)
    verdict = Verdict()
    case.count(verdict)
    case.nothing_lost(verdict)
    case.nothing_doubled(verdict)
    case.stops_held(verdict, clock_error_ms)
    case.hours_kept(verdict)
    case.receipts_recorded(verdict)
    case.inbound_stored(verdict)
    return verdict


class _Case:
    """One audit's evidence, joined once."""

    def __init__(self, carrier: Carrier, books: Books, promises: Promises) -> None:
        self.carrier, self.books, self.promises = carrier, books, promises
        self.out = [one for one in books.messages.values() if one.direction == tables.OUT]
        self.inbound = [one for one in books.messages.values() if one.direction == tables.IN]
        self._to: dict[str, list[Message]] = defaultdict(list)
        for message in self.out:
            self._to[message.address].append(message)
        self.submits: dict[tuple[UUID, int], list[Submit]] = defaultdict(list)  # by message and part
        self.strays: list[Submit] = []
        for submit in carrier.submits:
            self._file(submit)
        # Each session that ended may have left a window of submits in doubt, and so may each that the carrier never answered.
        unanswered = sum(1 for one in carrier.submits if one.status is None and not one.session.ended)
        self.doubt_allowed = promises.window * carrier.lost_sessions + unanswered

    def _file(self, submit: Submit) -> None:
        message = next((one for one in self._to.get(submit.to, ()) if _carries(submit, one)), None)
        if message is None:
            self.strays.append(submit)
        else:
            self.submits[message.id, submit.place.number if submit.place else 1].append(submit)

    # ── counts ──────────────────────────────────────────────────────────────────────────────────────────

    def count(self, verdict: Verdict) -> None:
        texts = [one for one in self.carrier.deliveries.values() if not one.receipt and (one.place is None or one.place.number == 1)]
        receipts = [one for one in self.carrier.deliveries.values() if one.receipt]
        statuses = Counter(one.status for one in self.out)
        verdict.counts |= {
            "accepted": len(self.out),
            "submitted": len(self.carrier.submits),
            "sessions lost": self.carrier.lost_sessions,
            "unknown": statuses[UNKNOWN],
            "not sent": sum(statuses[status] for status in NEVER_LEFT),
            "delivered": statuses[DELIVERED] + statuses[READ],
            "receipts sent": len(receipts),
            "receipts recorded": len({_body(raw) for raw in self.books.receipts}),
            "inbound sent": len(texts),
            "inbound stored": len(self.inbound),
            "stops": len(self.books.stops),
        }

    # ── I1 ──────────────────────────────────────────────────────────────────────────────────────────────

    def nothing_lost(self, verdict: Verdict) -> None:
        """Everything promised exists once, has come to an end, and left if it says so."""
        gone = [f"{key}: {one}" for key, ids in self.promises.accepted.items() for one in ids if one not in self.books.messages]
        verdict.breach("I1", "messages were accepted by the API and are lost", gone)
        verdict.breach("I1", "recipients of a campaign have no message: lost", [_masked(one) for one in self._without_message()])
        stuck = [_case(one) for one in self.out if one.status < ACCEPTED]
        verdict.breach("I1", "messages still wait, though nothing moves any more", stuck)
        unseen = [_case(one) for one in self.out if _left(one) and not all(self.submits[one.id, part] for part in _parts(one))]
        verdict.breach("I1", "messages are said to have been sent, and the carrier never saw them: lost", unseen)
        contradicted = [_case(one) for one in self.out if one.status in NEVER_LEFT and any(self._taken(one))]
        verdict.breach("I1", "messages are said not to have been sent, and the carrier took them", contradicted)
        verdict.breach("I1", "texts reached the carrier that nobody asked for", [_masked(one.to) for one in self.strays])
        verdict.counts["lost"] = len(gone) + len(self._without_message()) + len(stuck) + len(unseen)

    def _without_message(self) -> list[str]:
        reached: Counter[tuple[object, str]] = Counter((one.campaign_id, one.address) for one in self.out if one.campaign_id)
        return [to for campaign, addresses in self.promises.campaigns.items() for to in addresses if not reached[campaign, to]]

    def _taken(self, message: Message) -> Iterator[Submit]:
        return (one for part in _parts(message) for one in self.submits[message.id, part] if one.status == 0)

    # ── I2, I3 ──────────────────────────────────────────────────────────────────────────────────────────

    def nothing_doubled(self, verdict: Verdict) -> None:
        """At most once is at most once; at least once may double as often as sessions were lost, and says so."""
        more = {
            message_id: sum(max(0, sum(one.taken for one in self.submits[message_id, part]) - 1) for part in _parts(message))
            for message_id, message in self.books.messages.items()
            if message.direction == tables.OUT
        }
        doubled = [self.books.messages[one] for one, times in more.items() if times]
        once = [_case(one) for one in doubled if not one.again]
        verdict.breach("I2", "messages that may be sent once at most were doubled", once)
        verdict.breach("I2", "requests with one Idempotency-Key became several messages: doubled", list(self._asked_twice()))
        unflagged = [_case(one) for one in doubled if one.again and not one.flags & tables.POSSIBLE_DUPLICATE]
        verdict.breach("I2", "messages were sent again and are not flagged as possible duplicates", unflagged)
        again = sum(more[one.id] for one in doubled if one.again)
        if again > self.doubt_allowed:
            verdict.breach("I2", f"duplicates beyond the {self.doubt_allowed} that window × lost sessions allow", ["flagged"] * again)
        unknown = [_case(one) for one in self.out if one.status == UNKNOWN]
        if len(unknown) > self.doubt_allowed:
            verdict.breach("I3", f"messages unknown, beyond the {self.doubt_allowed} that window × lost sessions allow", unknown)
        verdict.counts["duplicates"] = sum(more[one.id] for one in doubled if not one.again)
        verdict.counts["duplicates, flagged"] = again
        verdict.counts["doubt allowed"] = self.doubt_allowed

    def _asked_twice(self) -> Iterator[str]:
        """Words and phones are unique, so a second message with both is a second message for one request."""
        made: Counter[tuple[str, str]] = Counter((one.address, one.body) for one in self.out)
        campaigned: Counter[tuple[object, str]] = Counter((one.campaign_id, one.address) for one in self.out if one.campaign_id)
        for key, asked in self.promises.asked.items():
            if made[asked] > 1 or len(self.promises.accepted.get(key, ())) > 1:
                yield f"{key} {_masked(asked[0])}"
        yield from (_masked(to) for (_, to), times in campaigned.items() if times > 1)

    # ── I4 ──────────────────────────────────────────────────────────────────────────────────────────────

    def stops_held(self, verdict: Verdict, clock_error_ms: float) -> None:
        """After the commit of a STOP no attempt is committed, and what was on its way has left within a quarter of a second."""
        first: dict[str, int] = {}
        for stop in self.books.stops:
            first[stop.address] = min(stop.committed_at, first.get(stop.address, stop.committed_at))
        exempt = self._confirmations(first)
        after = [
            _case(message)
            for attempt in self.books.attempts
            if (message := self.books.messages.get(attempt.message_id)) and message.id not in exempt
            if attempt.committed_at is not None and attempt.committed_at > first.get(message.address, attempt.committed_at)
        ]
        verdict.breach("I4", "attempts were committed after an opt-out's commit: sent after STOP", after)
        late: dict[str, float] = {}
        for (message_id, _), submits in self.submits.items():
            message = self.books.messages[message_id]
            if message_id in exempt or message.address not in first:
                continue
            for one in submits:
                if one.at > first[message.address]:
                    late[_case(message)] = max((one.at - first[message.address]) / NS_PER_MS, late.get(_case(message), 0.0))
        verdict.lateness_ms = max(late.values(), default=0.0)
        too_late = [f"{who}, {ms:.0f} ms" for who, ms in late.items() if ms > CROSSING_MS + clock_error_ms]
        verdict.breach("I4", f"texts were sent late, more than {CROSSING_MS:.0f} ms after a STOP", too_late)
        verdict.counts |= {"crossings": len(late), "attempts after STOP": len(after)}

    def _confirmations(self, stops: dict[str, int]) -> set[object]:
        """The one answer that each STOP may get: our own words, within five minutes."""
        found: dict[str, Message] = {}
        for message in sorted(self.out, key=lambda one: one.id):
            stopped = stops.get(message.address)
            if stopped is None or message.by_hand or message.purpose != tables.SUPPORT:
                continue
            if abs(message.made_at - stopped) <= CONFIRM_WITHIN_NS:
                found.setdefault(message.address, message)
        return {one.id for one in found.values()}

    # ── I5 ──────────────────────────────────────────────────────────────────────────────────────────────

    def hours_kept(self, verdict: Verdict) -> None:
        """No marketing reaches the carrier outside the hours of whoever is texted, nor after its workspace's own."""
        sent = [
            (message, submit)
            for (message_id, _), submits in self.submits.items()
            if (message := self.books.messages[message_id]).marketing
            for submit in submits
        ]
        wrong = [
            f"{_case(message)}, {when}" for message, submit in sent if (when := outside(message.address, message.time_zone, submit.at))
        ]
        verdict.breach("I5", "marketing texts left outside the hours of their recipients", wrong)
        closed = [
            f"{_case(message)}, {(submit.at - closes) / NS_PER_MS:.0f} ms"
            for message, submit in sent
            if (closes := self.promises.closings.get(message.campaign_id or UUID(int=0))) and submit.at > closes + CROSSING_MS * NS_PER_MS
        ]
        verdict.breach("I5", f"marketing texts left more than {CROSSING_MS:.0f} ms after the workspace's own hours had ended", closed)
        verdict.counts["marketing texts"] = len(sent)

    # ── I6 ──────────────────────────────────────────────────────────────────────────────────────────────

    def receipts_recorded(self, verdict: Verdict) -> None:
        """Every receipt that we acknowledged is kept, none is left with the carrier, and no status is behind what it says."""
        kept = {_body(raw) for raw in self.books.receipts} | {_body(raw) for raw in self.books.rejected}
        receipts = [one for one in self.carrier.deliveries.values() if one.receipt]
        unrecorded = [f"receipt {one.receipted_id}" for one in receipts if one.accepted and one.body not in kept]
        verdict.breach("I6", "receipts were acknowledged and not recorded", unrecorded)
        left = [f"receipt {one.receipted_id}" for one in receipts if _unaccounted(one, kept)]
        verdict.breach("I6", "receipts were delivered and never acknowledged", left)
        verdict.breach("I6", "messages stand behind what their receipts said", list(self._behind(receipts)))
        verdict.breach("I6", "statuses went down in rank", ["seen by the witness"] * self.books.fell)

    def _behind(self, receipts: list[Delivery]) -> Iterator[str]:
        """Messages in one part, by the carrier's own ids.

        One whose id died with the process that read it cannot be placed and stays unknown: of each session that was lost at most a window of
        them, since an answer that is not stored still counts against it. Whoever stored no ids at all has no such excuse.
        """
        by_id = {
            submit.provider_id: (self.books.messages[message_id], submit)
            for (message_id, _), submits in self.submits.items()
            for submit in submits
            if submit.provider_id and submit.place is None
        }
        excused: Counter[int] = Counter()  # by session
        for receipt in receipts:
            message, submit = by_id.get(receipt.receipted_id, (None, None))
            if message is None or submit is None or not receipt.accepted or message.status >= REPORTED.get(receipt.state or 0, 0):
                continue
            if self._id_may_have_died(message, submit):
                excused[id(submit.session)] += 1
                if excused[id(submit.session)] <= self.promises.window:
                    continue
            yield _case(message)

    def _id_may_have_died(self, message: Message, submit: Submit) -> bool:
        """Whether the answer with the carrier's id can have died with the process that read it, and the message says that nobody knows."""
        doubtful = message.status == UNKNOWN or bool(message.flags & tables.POSSIBLE_DUPLICATE)
        return doubtful and submit.session.ended and submit.provider_id not in self.books.provider_ids

    # ── I9 ──────────────────────────────────────────────────────────────────────────────────────────────

    def inbound_stored(self, verdict: Verdict) -> None:
        """Every text from a phone is in one conversation, once, in the words that were written."""
        holders: dict[bytes, list[Message]] = defaultdict(list)
        for message in self.inbound:
            for part in deliveries_in(message.raw):
                holders[part.body].append(message)
        aside = {_body(raw) for raw in (*self.books.parts, *self.books.rejected)}
        texts = [one for one in self.carrier.deliveries.values() if not one.receipt]
        lost = [_masked(one.source) for one in texts if one.accepted and not holders[one.body] and one.body not in aside]
        verdict.breach("I9", "inbound texts were acknowledged and are lost", lost)
        left = [_masked(one.source) for one in texts if _unaccounted(one, holders.keys() | aside) and not holders[one.body]]
        verdict.breach("I9", "inbound texts were delivered and never acknowledged", left)
        doubled = [_masked(one.source) for one in texts if _kept_twice(holders[one.body])]
        verdict.breach("I9", "inbound texts were stored twice", doubled)
        other = [_case(one) for one in self.inbound if one.raw and _written(one) != one.body]
        verdict.breach("I9", "inbound texts are stored in other words than were written", other)
        homeless = [_case(one) for one in self.inbound if one.conversation_id not in self.books.conversations]
        verdict.breach("I9", "inbound texts are in no conversation", homeless)
        threads: dict[str, set[object]] = defaultdict(set)
        for message in self.inbound:
            threads[message.address].add(message.conversation_id)
        verdict.breach("I9", "phones have two conversations", [_masked(one) for one, found in threads.items() if len(found) > 1])


def _carries(submit: Submit, message: Message) -> bool:
    if submit.place is None:
        return submit.text == message.body
    return submit.place.total == message.segments and submit.text in message.body


def _parts(message: Message) -> range:
    return range(1, message.segments + 1)


def _left(message: Message) -> bool:
    """Whether the database says that the carrier took it: so does any status that only a carrier can give."""
    return message.status in {ACCEPTED, ENROUTE, DELIVERED, READ}


def _unaccounted(delivery: Delivery, kept: AbstractSet[bytes]) -> bool:
    """Written to us and never acknowledged, through no death of the carrier, which forgets what it had to deliver."""
    return not delivery.accepted and not delivery.forgotten and delivery.body not in kept


def _kept_twice(messages: list[Message]) -> bool:
    """Whether two of them are of the same PDUs. One part alone may be that of two long texts: a reference of eight bits is soon used again."""
    return len({frozenset(one.body for one in deliveries_in(message.raw)) for message in messages}) < len(messages)


def _written(message: Message) -> str:
    """What the phone wrote: its parts in order, decoded as one; NUL and lone surrogates shown as the replacement character."""
    parts = sorted(deliveries_in(message.raw), key=lambda one: one.place.number if one.place else 1)
    text = "".join(one.text for one in parts)
    text = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    return text.replace("\x00", "\ufffd")


def _body(raw: bytes) -> bytes:
    return raw[16:]


def _masked(address: str) -> str:
    return f"…{address[-6:]}"


def _case(message: Message) -> str:
    return f"{message.id} to {_masked(message.address)}"
