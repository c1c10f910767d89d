"""One suite, two stores: what the engine counts on, in memory and in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.engine.conftest import store_of, until
from tests.engine.world import World

from textfirst.channels.contract import ChannelFacts, Outbound, Place
from textfirst.consent.types import Joiner, JoinForm, Kind, Word
from textfirst.conversations.types import Said
from textfirst.core.ids import new_id
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.decisions.types import Stamp
from textfirst.engine import leases
from textfirst.engine.bind import Engine
from textfirst.engine.ports import (
    AttemptRow,
    InboundRow,
    Lease,
    Move,
    PartRow,
    ReceiptRow,
    RefRow,
    Shift,
    Sought,
    Standing,
    Store,
    StoreRefused,
)
from textfirst.engine.progress import Report, advance
from textfirst.engine.service import Service
from textfirst.messages.rules import velocity
from textfirst.messages.types import Encoding, Flag, Outcome, Outgoing, Status
from textfirst.phones.simulator import Simulator
from textfirst.testing.store import MemoryStore

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(hours=72)


class Setting:
    """A store with one workspace and one channel, whichever it is."""

    def __init__(self, store: Store, workspace_id: UUID, channel_id: UUID) -> None:
        self.store = store
        self.workspace_id = workspace_id
        self.channel_id = channel_id

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Any]:
        async with self.store.begin(self.workspace_id) as work:
            yield work

    async def lease(self, node: str = "node") -> Lease:
        lease = await self.store.take_lease(self.workspace_id, self.channel_id, 0, node)
        assert lease is not None
        return lease

    async def queue(
        self, *numbers: int, purpose: Purpose = Purpose.NOTICE, campaign_id: UUID | None = None, segments: int = 1, **changes: Any
    ) -> list[UUID]:
        async with self.work() as work:
            people = await work.people([f"+3069{number:08d}" for number in numbers])
            rule = PURPOSE_RULES[purpose]
            messages = [
                Outgoing(
                    id=new_id(), contact_id=person.contact_id, identity_id=person.identity_id, channel_id=self.channel_id, conversation_id=None,
                    campaign_id=campaign_id, author_id=None, api_key_id=None, purpose=purpose, status=Status.DEFERRED if "not_before" in changes else Status.QUEUED, flags=Flag(0),
                    segments=segments, encoding=Encoding.GSM7, reason=None, address=address, body='Hello \\ "you", {NULL}',
                    lane=changes.get("lane", rule.lane), delivery=rule.delivery, not_before=changes.get("not_before", NOW),
                    not_after=NOW + timedelta(hours=9), stamp=Stamp(person.version, 1),
                )
                for address, person in people.items()
            ]  # fmt: skip
            work.accept(messages)
        return [message.id for message in messages]

    def form(self, database: World | None) -> JoinForm:
        """By which people join with the word `join`."""
        form = JoinForm(new_id(), "offers", "join", "marketing", {"en": {"about": "offers", "words": "Yes."}})
        if isinstance(self.store, MemoryStore):
            self.store.forms.append(form)
            self.store.workspace = self.store.workspace._replace(words=("join",), forms=True)
        else:
            assert database is not None
            database.connection.execute(
                "insert into consent_form (workspace_id, id, slug, name, keyword, scope, texts, privacy_url, terms_url, enabled, created_at)"
                " values (%s, %s, %s, 'Offers', %s, %s, %s, '', '', true, now())",
                [self.workspace_id, form.id, form.slug, form.keyword, form.scope, json.dumps(form.texts)],
            )
        return form

    async def claim(self, lease: Lease, limit: int = 100) -> list[Outbound]:
        async with self.work() as work:
            return [message for message, _ in await work.claim(lease, limit)]

    async def sent(self, lease: Lease, message: Outbound, provider_id: str | None) -> UUID:
        """An attempt of a message, taken by the carrier when it gave an id."""
        attempt_id = new_id()
        async with self.work() as work:
            work.attempt(lease, [AttemptRow(attempt_id, message.id, 1)])
            if provider_id is not None:
                work.refs(self.channel_id, [RefRow(attempt_id, message.id, 1, provider_id)])
        return attempt_id

    async def standing(self, message_id: UUID) -> Standing:
        async with self.work() as work:
            return (await work.standings([message_id]))[message_id]


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> World | None:
    """Asked for here, not in the loop: the first world of a run migrates the template."""
    return request.getfixturevalue("world") if request.param == "postgres" else None


@pytest.fixture
async def setting(database: World | None) -> AsyncIterator[Setting]:
    if database is None:
        memory = MemoryStore()
        yield Setting(memory, memory.workspace_id, new_id())
        return
    database.make()
    store = store_of(database)
    yield Setting(store, database.workspace_id, database.channel_id)
    await store.close()


class TestClaim:
    async def test_by_lane_then_by_age(self, setting: Setting) -> None:
        [bulk] = await setting.queue(1, purpose=Purpose.PROMOTION)
        [second] = await setting.queue(2)
        [code] = await setting.queue(3, purpose=Purpose.CODE)
        [first] = await setting.queue(4, not_before=NOW - timedelta(minutes=1))
        assert [message.id for message in await setting.claim(await setting.lease())] == [code, first, second, bulk]

    async def test_what_is_held_or_not_due_stays(self, setting: Setting) -> None:
        await setting.queue(1, lane=Lane.HELD)
        await setting.queue(2, not_before=NOW + timedelta(hours=1))
        assert await setting.claim(await setting.lease()) == []

    async def test_the_limit_is_in_segments(self, setting: Setting) -> None:
        await setting.queue(1, 2, 3, segments=3)
        lease = await setting.lease()
        assert len(await setting.claim(lease, 7)) == 2
        assert len(await setting.claim(lease, 2)) == 1  # one longer text goes alone

    async def test_a_text_comes_back_as_it_was(self, setting: Setting) -> None:
        await setting.queue(1)
        lease = await setting.lease()
        [message] = await setting.claim(lease)
        async with setting.work() as work:
            work.requeue(setting.channel_id, [message._replace(attempts=2, flags=int(Flag.POSSIBLE_DUPLICATE))])
            work.requeue(setting.channel_id, [message])  # there already: nothing changes
        assert await setting.claim(lease) == [message._replace(attempts=2, flags=1)]

    async def test_d7_hints_of_too_many_texts_are_told(self, setting: Setting) -> None:
        lease = await setting.lease()
        for _ in range(velocity.FEWEST):
            await setting.queue(1)
        await setting.queue(2)
        async with setting.work() as work:
            assert [fresh for _, fresh in await work.claim(lease, 100)] == [True] * (velocity.FEWEST + 1)
        [message_id] = await setting.queue(1)  # one more than anybody may get at once: worth a closer look
        async with setting.work() as work:
            [(message, fresh)] = await work.claim(lease, 100)
            assert (message.id, fresh) == (message_id, False)
            work.requeue(setting.channel_id, [message])
        await setting.queue(3)
        async with setting.work() as work:
            both = await work.claim(lease, 100)
            assert [fresh for _, fresh in both] == [False, True]
            work.requeue(setting.channel_id, [message._replace(attempts=1) for message, _ in both])
        async with setting.work() as work:
            assert [fresh for _, fresh in await work.claim(lease, 100)] == [False, False]  # a text that is tried again is looked at, too

    async def test_d7_when_people_were_written_to(self, setting: Setting) -> None:
        lease = await setting.lease()
        await setting.queue(1, 1, 2)
        messages = await setting.claim(lease)
        for message in messages:
            await setting.sent(lease, message, None)
        taken_back = await setting.sent(lease, messages[0], None)
        async with setting.work() as work:
            assert await work.outcomes([(taken_back, Outcome.NOT_SENT)]) == {taken_back}
            lately = await work.lately([message.identity_id for message in messages], NOW - velocity.LONGEST, NOW - velocity.MADE_WITHIN)
            assert {identity: len(moments) for identity, moments in lately.items()} == Counter(message.identity_id for message in messages)
            assert await work.lately([messages[0].identity_id], datetime.now(UTC) + timedelta(minutes=1), LONG_AGO) == {}
            [held] = await work.hold_back([messages[0].id], "too_many", NOW)
            assert (held.status, held.reason, held.segments) == (Status.QUEUED, None, 1)
        assert (await setting.standing(messages[0].id)).reason == "too_many"

    async def test_without_the_lease_nothing_is_taken(self, setting: Setting) -> None:
        await setting.queue(1)
        lease = await setting.lease()
        assert await setting.claim(lease._replace(epoch=lease.epoch - 1)) == []
        await setting.store.release_lease(lease, None)
        assert await setting.claim(lease) == []

    async def test_a_stamp_that_no_longer_holds_is_told(self, setting: Setting) -> None:
        await setting.queue(1, 2)
        async with setting.work() as work:
            person = (await work.people(["+306900000001"]))["+306900000001"]
            await work.lock()
            [changed] = await work.stop([Word(person.identity_id)], setting.channel_id, NOW)
            assert changed.changed
        lease = await setting.lease()
        async with setting.work() as work:
            claimed = await work.claim(lease, 10)
            facts = await work.facts([person.identity_id], [Purpose.NOTICE], NOW)
        assert {message.address: fresh for message, fresh in claimed} == {"+306900000001": False, "+306900000002": True}
        assert (facts[person.identity_id].stopped, facts[person.identity_id].identity_version) == (True, person.version + 1)

    async def test_d32_an_event_is_heard_first_once(self, setting: Setting) -> None:
        async with setting.work() as work:
            assert await work.first_heard(setting.channel_id, ["a", "b", "a"]) == {"a", "b"}
        async with setting.work() as work:
            assert await work.first_heard(setting.channel_id, ["b", "c"]) == {"c"}
            assert await work.first_heard(new_id(), ["b"]) == {"b"}  # another channel's
        async with setting.work() as work:
            work.forget_heard(setting.channel_id, datetime.now(UTC) + timedelta(minutes=1))
        async with setting.work() as work:
            assert await work.first_heard(setting.channel_id, ["a"]) == {"a"}

    async def test_d10_messages_are_found_by_our_own_id(self, setting: Setting) -> None:
        [message_id] = await setting.queue(1)
        async with setting.work() as work:
            assert list(await work.find_own(setting.channel_id, [message_id, new_id()])) == [message_id]
            assert await work.find_own(new_id(), [message_id]) == {}  # it did not leave by that channel

    async def test_a_rollback_puts_everything_back(self, setting: Setting) -> None:
        await setting.queue(1)
        lease = await setting.lease()

        async def fail() -> None:
            async with setting.work() as work:
                assert len(await work.claim(lease, 10)) == 1
                work.attempt(lease, [AttemptRow(new_id(), new_id(), 1)])
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert len(await setting.claim(lease)) == 1

    async def test_what_is_due(self, setting: Setting) -> None:
        pair = (setting.workspace_id, setting.channel_id)
        assert await setting.store.due([pair]) == set()
        await setting.queue(1, lane=Lane.HELD)
        assert await setting.store.due([pair]) == set()
        await setting.queue(2)
        assert await setting.store.due([pair]) == {setting.channel_id}


class TestLeases:
    async def test_one_holder_at_a_time(self, setting: Setting) -> None:
        first = await setting.lease("first")
        assert await setting.store.take_lease(setting.workspace_id, setting.channel_id, 0, "second") is None
        assert await setting.store.renew_lease(first, None) is not None
        await setting.store.release_lease(first, None)
        second = await setting.lease("second")
        assert second.epoch == first.epoch + 64
        assert await setting.store.renew_lease(first, None) is None

    async def test_it_is_believed_for_a_shorter_time_than_it_holds(self, setting: Setting) -> None:
        lease = await setting.lease()
        assert 12 < lease.before - leases.boot_time() <= 13
        assert leases.may_speak(lease)

    async def test_open_attempts_of_earlier_epochs(self, setting: Setting) -> None:
        await setting.queue(1, 2, 3, 4, purpose=Purpose.CODE)
        old = await setting.lease("old")
        settled, answered, refused, unknown = [
            await setting.sent(old, message, "7" if n == 1 else None) for n, message in enumerate(await setting.claim(old))
        ]
        async with setting.work() as work:
            assert await work.outcomes([(refused, Outcome.REFUSED)]) == {refused}
            assert await work.outcomes([(refused, Outcome.NO_ANSWER)]) == set()
        await setting.store.release_lease(old, settled)
        new = await setting.lease("new")
        assert new.settled_id == settled
        found = await setting.store.open_attempts(new)
        assert [one.attempt_id for one in found] == [unknown]
        assert (found[0].purpose, found[0].message.delivery, found[0].message.identity_version) == (Purpose.CODE, 2, 0)
        assert answered not in {one.attempt_id for one in found}


class TestProgress:
    async def test_taken_by_an_earlier_holder_who_did_not_say_so(self, setting: Setting) -> None:
        lease = await setting.lease("first")
        await setting.queue(1, 2, 3)
        first, second, third = await setting.claim(lease)
        await setting.sent(lease, first, "1")
        settled = await setting.sent(lease, second, "2")
        await setting.sent(lease, third, None)
        await setting.store.release_lease(lease, None)
        heir = await setting.lease("second")
        assert [(standing.id, part) for standing, part in await setting.store.unsaid(heir)] == [(first.id, 1), (second.id, 1)]
        assert await setting.store.unsaid(heir._replace(settled_id=settled)) == []
        async with setting.work() as work:
            await advance(work, [Report(first.id, 1, 1, Status.ACCEPTED)], (), NOW)
        assert [standing.id for standing, _ in await setting.store.unsaid(heir)] == [second.id]

    async def test_a_move_holds_only_from_where_it_was_seen(self, setting: Setting) -> None:
        [message_id] = await setting.queue(1)
        seen = await setting.standing(message_id)
        async with setting.work() as work:
            assert set(await work.move([Move(seen, int(Status.ACCEPTED), None, None, 1)], NOW)) == {message_id}
        async with setting.work() as work:
            assert not await work.move([Move(seen, int(Status.FAILED), None, "our_fault", 0)], NOW)
        assert (await setting.standing(message_id)).status == Status.ACCEPTED

    async def test_many_at_once_move_from_where_they_were_seen(self, setting: Setting) -> None:
        ids = await setting.queue(1, 2, 3)
        shift = Shift(Status.QUEUED, Status.DELIVERED, None, ids[:2])
        async with setting.work() as work:
            assert await work.shift([shift], NOW) == [None]
            assert await work.shift([shift._replace(ids=ids), shift], NOW) == [frozenset(ids[2:]), frozenset()]
        assert [(await setting.standing(one)).status for one in ids] == [Status.DELIVERED] * 3

    async def test_a_wrong_guess_is_corrected(self, setting: Setting) -> None:
        campaign_id = new_id()
        [message_id] = await setting.queue(1, campaign_id=campaign_id)
        seen = await setting.standing(message_id)
        async with setting.work() as work:
            await work.move([Move(seen, int(Status.DELIVERED), None, None, 0)], NOW)
        async with setting.work() as work:
            moved = await advance(work, [Report(message_id, 1, 1, Status.ACCEPTED), Report(message_id, 1, 1, Status.READ)], [seen], NOW)
        assert moved == {campaign_id}
        assert (await setting.standing(message_id)).status == Status.READ

    async def test_parts_make_one_status(self, setting: Setting) -> None:
        [message_id] = await setting.queue(1, segments=2)
        for part, status, stands in [
            (2, Status.ACCEPTED, 10),
            (1, Status.ACCEPTED, 40),
            (1, Status.DELIVERED, 40),
            (2, Status.DELIVERED, 80),
        ]:
            async with setting.work() as work:
                await advance(work, [Report(message_id, part, 2, status)], [], NOW)
            assert (await setting.standing(message_id)).status == stands


class TestReceipts:
    async def test_the_newest_whose_number_agrees(self, setting: Setting) -> None:
        [first] = await setting.queue(11111111)
        [second] = await setting.queue(11111111)
        [other] = await setting.queue(22222222)
        lease = await setting.lease()
        for message in await setting.claim(lease):
            await setting.sent(lease, message, "same")
        async with setting.work() as work:
            found = await work.find(
                setting.channel_id,
                [Sought("same", "11111111", "10001"), Sought("same", "10001", "22222222"), Sought("same", "33333333", "10001"), Sought("none", "", "")],
                LONG_AGO,
            )  # fmt: skip
        assert [one and one.standing.id for one in found] == [second, other, None, None]
        assert first

    async def test_what_was_taken_is_written_down_once(self, setting: Setting) -> None:
        await setting.queue(1, 2)
        lease = await setting.lease()
        first, second = await setting.claim(lease)
        there = await setting.sent(lease, first, "first")
        rows = [RefRow(there, first.id, 1, "again"), RefRow(await setting.sent(lease, second, None), second.id, 1, "second")]
        with pytest.raises(StoreRefused):
            async with setting.work() as work:
                work.refs(setting.channel_id, rows)
        async with setting.work() as work:
            assert await work.find(setting.channel_id, [Sought("second", "", "")], LONG_AGO) == [None]
            work.refs(setting.channel_id, rows, again=True)
        async with setting.work() as work:
            found = await work.find(setting.channel_id, [Sought(each, "", "") for each in ("first", "again", "second")], LONG_AGO)
        assert [one and one.standing.id for one in found] == [first.id, None, second.id]

    async def test_orphans_find_their_message(self, setting: Setting) -> None:
        [message_id] = await setting.queue(11111111)
        lease = await setting.lease()
        [message] = await setting.claim(lease)
        rows = [
            ReceiptRow(new_id(), None, 1, int(Status.DELIVERED), provider_id, 'a\\"b', "306911111111", b'\x00\xff"\\')
            for provider_id in ("77", "88")
        ]  # fmt: skip
        async with setting.work() as work:
            work.receipts(setting.channel_id, rows)
        async with setting.work() as work:
            assert await work.adopt(setting.channel_id, ["77"], LONG_AGO) == []
        await setting.sent(lease, message, "77")
        async with setting.work() as work:
            [orphan] = await work.adopt(setting.channel_id, ["77", "99"], LONG_AGO)
            assert await work.adopt(setting.channel_id, None, LONG_AGO) == []
        assert (orphan.id, orphan.message_id, orphan.status, orphan.error) == (rows[0].id, message_id, Status.DELIVERED, 'a\\"b')


class TestReceiving:
    async def test_whether_receipts_wait_for_their_message(self, setting: Setting) -> None:
        async with setting.work() as work:
            assert not await work.has_orphans(setting.channel_id, LONG_AGO)
            work.receipts(setting.channel_id, [ReceiptRow(new_id(), None, 1, Status.DELIVERED, "77", None, "306900000001", b"pdu")])
        async with setting.work() as work:
            assert await work.has_orphans(setting.channel_id, LONG_AGO)
            assert not await work.has_orphans(setting.channel_id, datetime.now(UTC) + timedelta(minutes=1))

    async def test_people_are_made_once(self, setting: Setting) -> None:
        async def ask() -> Any:
            async with setting.work() as work:
                return await work.people(["+306900000001", "+306900000002"])

        answers = await asyncio.gather(*(ask() for _ in range(5)))
        assert all(answer == answers[0] for answer in answers)

    async def test_a_text_goes_to_its_thread(self, setting: Setting) -> None:
        async with setting.work() as work:
            person = (await work.people(["+306900000001"]))["+306900000001"]
            ids = [new_id(), new_id()]
            threads = await work.threads([Said(person.contact_id, setting.channel_id, one, NOW, unread=1) for one in ids])
            assert [thread.unread for thread in threads if thread] == [2, 2]
            where = threads[0].conversation_id if threads[0] else None
            rows = [
                InboundRow(one, person.contact_id, person.identity_id, where, 8, 1, 0, "+306900000001", 'hi "\\', b"\x00\x01")
                for one in ids
            ]
            work.texts(setting.channel_id, Purpose.SUPPORT, rows, NOW)
        assert (await setting.standing(ids[0])).status == Status.RECEIVED
        assert await setting.store.heard_before(await setting.lease(), NOW - timedelta(minutes=1)) == [b"\x00\x01"] * 2
        assert await setting.store.heard_before(await setting.lease(), NOW + timedelta(hours=5)) == []

    async def test_parts_are_handed_out_when_whole(self, setting: Setting) -> None:
        def part(number: int, source: str = "+30690") -> PartRow:
            return PartRow(new_id(), source, "10001", Place(5, 8, 2, number), 0, bytes((number,)))

        async with setting.work() as work:
            assert await work.keep_parts(setting.channel_id, [part(2), part(2), part(1, "+30691")], NOW) == []
        async with setting.work() as work:
            [whole] = await work.keep_parts(setting.channel_id, [part(1)], NOW)
            assert (whole.source, whole.total, [bytes(pdu) for pdu in whole.pdus]) == ("+30690", 2, [b"\x01", b"\x02"])
        async with setting.work() as work:
            assert await work.has_late_parts(setting.channel_id, NOW - timedelta(minutes=1)) is False
            assert await work.late_parts(setting.channel_id, NOW - timedelta(minutes=1)) == []
            assert await work.has_late_parts(setting.channel_id, NOW + timedelta(hours=1)) is True
            [late] = await work.late_parts(setting.channel_id, NOW + timedelta(hours=1))
            assert (late.source, len(late.pdus)) == ("+30691", 1)

    async def test_stop_and_start(self, setting: Setting) -> None:
        async def say(word: str) -> bool:
            async with setting.work() as work:
                await work.lock()
                person = (await work.people(["+306900000001"]))["+306900000001"]
                said = [Word(person.identity_id, new_id(), word, word)]
                [changed] = await (work.stop if word == "stop" else work.start)(said, setting.channel_id, NOW)
                return changed.changed

        assert [await say(word) for word in ("start", "stop", "stop", "start")] == [False, True, False, True]

    async def test_joining_is_asked_once_and_confirmed_once_and_never_against_a_stop(
        self, setting: Setting, database: World | None
    ) -> None:
        anna, ben = "+306900000001", "+306900000002"
        form = setting.form(database)
        now = datetime.now(UTC)

        async def ask(address: str) -> bool:
            async with setting.work() as work:
                await work.lock()
                await work.people([address])
                found = await work.join_form("join", new_id())
                assert found == (form, "")
                return await work.open_request(form, address, Joiner(b"", "en", words="join"), f"token of {address}", now)

        async def confirm(address: str) -> bool:
            async with setting.work() as work:
                await work.lock()
                return await work.confirm(address, Joiner(b"", "", words="yes"), setting.channel_id, now) is not None

        async with setting.work() as work:
            assert ((house := await work.house()).words, house.forms) == (("join",), True)
            assert await work.join_form("other", new_id()) is None
        assert [await ask(anna), await ask(anna), await ask(ben)] == [True, False, True]
        async with setting.work() as work:
            assert await work.asked([anna, "+306900000003"], now) == {anna}
            await work.stop([Word((await work.people([ben]))[ben].identity_id, None, "stop", "stop")], setting.channel_id, now)
        assert [await confirm(anna), await confirm(anna), await confirm(ben)] == [True, False, False]
        async with setting.work() as work:
            people = await work.people([anna, ben])
            facts = await work.facts([person.identity_id for person in people.values()])
        assert [facts[people[one].identity_id].promotion_kind for one in (anna, ben)] == [Kind.DOUBLE_OPT_IN, None]


class TestSilence:
    async def test_messages_that_nobody_reported_on(self, setting: Setting) -> None:
        [silent] = await setting.queue(1)
        await setting.queue(2)
        seen = await setting.standing(silent)
        async with setting.work() as work:
            await work.move([Move(seen, int(Status.ACCEPTED), None, None, 0)], NOW)
        later = datetime.now(UTC) + timedelta(minutes=1)
        async with setting.work() as work:
            assert [one.id for one in await work.silent(setting.channel_id, NOW - timedelta(minutes=1), later)] == [silent]
            assert await work.silent(setting.channel_id, later, later + timedelta(days=1)) == []


class TestTheWholeEngine:
    async def test_in_memory(self, tmp_path: Path, simulator: Simulator) -> None:
        memory = MemoryStore()
        setting = Setting(memory, memory.workspace_id, new_id())
        memory.facts.append(ChannelFacts(memory.workspace_id, setting.channel_id, "simulator", "10001", {}, {}, 0, 50, 1))
        service = Service(Engine(memory, "node"), smpp_bind=f"127.0.0.1:{simulator.port}", metrics_file=tmp_path / "engine.prom")
        running = asyncio.create_task(service.run())
        ids = await setting.queue(*range(1, 101))
        await until(lambda: all(memory.state.messages[one].standing.status == Status.DELIVERED for one in ids))
        simulator.type(str(setting.channel_id), "+306900000001", "STOP")
        await until(lambda: memory.state.stopped)
        await until(lambda: len(memory.state.messages) == 102)
        memory.away = True
        simulator.type(str(setting.channel_id), "+306900000002", "are you there?")
        await asyncio.sleep(0.2)
        memory.away = False
        await until(lambda: any(message.body == "are you there?" for message in memory.state.messages.values()))
        service.stop()
        await running
        assert "textfirst_engine_texts_total" in (tmp_path / "engine.prom").read_text()


class TestTelling:
    async def test_a_waiting_text_wakes_whoever_listens(self, setting: Setting) -> None:
        heard: list[tuple[str, str]] = []

        async def listen() -> None:
            async for _ in setting.store.listen(lambda channel, payload: heard.append((channel, payload))):
                listening.set()

        listening = asyncio.Event()
        task = asyncio.create_task(listen())
        await asyncio.wait_for(listening.wait(), 5)
        await setting.queue(1, 2)
        for _ in range(100):
            if heard:
                break
            await asyncio.sleep(0.02)
        with _cancelled(task):
            await task
        assert heard == [("textfirst_outbox", str(setting.channel_id))]


@contextmanager
def _cancelled(task: asyncio.Task[None]) -> Iterator[None]:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        yield
