"""Joining by a word and YES (C3) as they come in from a carrier: in effect with the text, asked once, and never against a STOP."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.engine.conftest import KEY, store_of, until
from tests.engine.world import World

from textfirst.channels.contract import Text
from textfirst.channels.registry import adapter_for
from textfirst.consent.types import Kind
from textfirst.core.addresses import TEL, Address, address_hash
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Verdict
from textfirst.engine.bind import Bind, Engine
from textfirst.engine.intake import Intake
from textfirst.messages.types import Status
from textfirst.phones.simulator import Simulator

ANNA, BEN = "+306900000001", "+306900000002"
WORDS = "Yes, text me offers."
TEXTS = {"en": {"about": "offers, at most 4 texts a month", "words": WORDS}, "el": {"about": "προσφορές", "words": "Ναι."}}


def form(world: World, keyword: str = "join", *, enabled: bool = True) -> None:
    world.connection.execute(
        "insert into consent_form (workspace_id, id, slug, name, keyword, scope, texts, privacy_url, terms_url, enabled, created_at)"
        " values (%s, %s, %s, 'Offers', %s, 'marketing', %s, '', '', %s, now())",
        [world.workspace_id, new_id(), keyword or "page", keyword, json.dumps(TEXTS), enabled],
    )


@pytest.fixture
async def intake(world: World) -> AsyncIterator[Intake]:
    """The receiving side of a bind, without a carrier."""
    world.make()
    store = store_of(world)
    yield Intake(Bind(Engine(store, "node", "https://text.example"), world.facts, adapter_for(world.facts, smpp_bind="127.0.0.1:1")))
    await store.close()


async def say(intake: Intake, *texts: str, phone: str = ANNA) -> None:
    """Texts of one batch."""
    await intake.store(
        [Text(n, phone, "10001", text, text.encode(), 0, None, text.encode()) for n, text in enumerate(texts)], datetime.now(UTC)
    )


def answers(world: World, phone: str = ANNA) -> list[str]:
    return [row[0] for row in world.rows("select body from message where direction = 2 and address = %s order by id", phone)]


def standing(world: World, phone: str = ANNA) -> tuple[int, int | None] | None:
    hashed = address_hash(KEY, world.workspace_id, Address(TEL, phone))
    rows = world.rows("select stopped, promotion_kind from consent_standing where address_hash = %s", hashed)
    return rows[0] if rows else None


def entries(world: World) -> list[str]:
    return [row[0] for row in world.rows("select kind from consent_entry order by id")]


async def test_c3_a_word_asks_and_yes_stands_in_the_transaction_of_the_text_and_of_the_one_answer(world: World, intake: Intake) -> None:
    form(world)
    await say(intake, "Join!")
    [question] = answers(world)
    assert all(part in question for part in ("Riverside Dental", "at most 4 texts a month", "rates may apply", "HELP", "STOP")), "P1"
    assert len(re.search(r"https://text\.example/join/c/([\w-]+)", question)[1]) == 22, "128 bits"
    assert standing(world) is None, "asking is no permission"
    await say(intake, "Yes!")
    assert standing(world) == (0, Kind.DOUBLE_OPT_IN)
    [_, welcome] = answers(world)
    assert all(part in welcome for part in ("Riverside Dental", "at most 4 texts a month", "rates may apply", "HELP", "STOP")), "CTIA 5.1.2"
    assert world.one("select count(distinct xmin::text) from (select xmin from consent_entry union all select xmin from consent_person"
                     " union all select xmin from consent_standing union all (select xmin from message order by id desc limit 2)) as written") == (1,)  # fmt: skip
    entry = world.one("select e.source, e.keyword, p.words, p.origin, t.words from consent_entry e join consent_person p using (id)"
                      " join consent_text t using (text_hash)")  # fmt: skip
    assert entry == ("keyword", "join", "Yes!", "/join/join", WORDS)


async def test_c3_the_next_send_sees_the_permission(world: World, intake: Intake) -> None:
    form(world)
    await say(intake, "join")
    await say(intake, "YES")
    identity_id, version = world.one("select id, version from contact_identity")
    async with intake._bind.engine.store.begin(world.workspace_id) as work:
        settings = await work.settings()
        facts = (await work.facts([identity_id], (Purpose.PROMOTION,)))[identity_id]
    noon = datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert decide(facts, Asked(Purpose.PROMOTION, noon), settings.policy).verdict is Verdict.ALLOW
    assert version > 1, "and whatever waits is decided again"


async def test_c3_one_question_one_welcome_and_late_is_too_late(world: World, intake: Intake) -> None:
    form(world)
    await say(intake, "join", "join")
    await say(intake, "join")
    assert len(answers(world)) == 1
    await say(intake, "yes", "yes")
    await say(intake, "yes", "join")
    assert (len(answers(world)), entries(world)) == (2, ["double_opt_in"])
    await say(intake, "join", phone=BEN)
    world.connection.execute("update consent_request set expires_at = %s", [datetime.now(UTC) - timedelta(seconds=1)])
    await say(intake, "yes", phone=BEN)
    assert standing(world, BEN) is None


@pytest.mark.parametrize("texts", [("yes", "ok", "thanks"), ("join", "YES please")])
async def test_o6_words_mean_nothing_to_whoever_was_not_asked_or_where_no_form_has_them(
    world: World, intake: Intake, texts: tuple[str, ...]
) -> None:
    form(world, "offers")
    form(world, "join", enabled=False)
    await say(intake, *texts)
    assert (answers(world), entries(world), standing(world)) == ([], [], None)
    assert world.rows("select 1 from consent_request") == []


async def test_c3_whoever_stopped_is_asked_nothing_and_yes_lifts_no_stop(world: World, intake: Intake) -> None:
    form(world)
    await say(intake, "STOP", "join")
    assert len(answers(world)) == 1, "the confirmation of the stop"
    await say(intake, "join", phone=BEN)
    await say(intake, "STOP", "YES", phone=BEN)
    assert standing(world, BEN) == (1, None)
    assert len(answers(world, BEN)) == 2, "the question and the confirmation"


async def test_the_question_speaks_their_language(world: World, intake: Intake) -> None:
    form(world)
    [(contact_id, _, number)] = world.contacts(1)
    world.connection.execute("update contact set language = 'el' where id = %s", [contact_id])
    await say(intake, "join", phone=number)
    assert "προσφορές" in answers(world, number)[0]


async def test_who_is_blocked_hears_nothing(world: World, intake: Intake) -> None:
    form(world)
    [(contact_id, _, number)] = world.contacts(1)
    world.connection.execute("update contact set blocked = true where id = %s", [contact_id])
    await say(intake, "join", phone=number)
    assert answers(world, number) == []


async def test_c3_the_answer_is_decided_and_says_why(world: World, intake: Intake) -> None:
    form(world)
    await say(intake, "join")
    status, purpose, body = world.one("select m.status, m.purpose, d.body from message m join decision d on d.id = m.decision_id")
    assert (status, purpose, json.loads(body)[1]) == (Status.QUEUED, Purpose.NOTICE, Verdict.ALLOW)


@pytest.mark.parametrize("first", ["YES", "STOP"])
async def test_c3_o2_of_yes_and_stop_at_once_the_second_waits_and_stop_wins(world: World, intake: Intake, first: str) -> None:
    """The first of two transactions is held open at its end: the other must wait for it, whichever it is, and the end is stopped."""
    form(world)
    await say(intake, "join")
    reached, go_on = asyncio.Event(), asyncio.Event()
    slow = Intake(intake._bind, sieve=None)
    whole = slow._texts

    async def held(*args: Any) -> list[str]:
        stopped = await whole(*args)
        reached.set()
        await go_on.wait()
        return stopped

    slow._texts = held  # type: ignore[method-assign]  # a seam of the test's own: the transaction stays open
    early = asyncio.create_task(say(slow, first))
    await reached.wait()
    late = asyncio.create_task(say(intake, "STOP" if first == "YES" else "YES"))
    await until(lambda: world.rows("select 1 from pg_locks where locktype = 'advisory' and not granted"))
    assert not late.done()
    go_on.set()
    await asyncio.gather(early, late)
    assert standing(world) == (1, Kind.DOUBLE_OPT_IN if first == "YES" else None)
    assert entries(world) == (["double_opt_in", "stop"] if first == "YES" else ["stop"])


async def test_c3_o2_yes_and_stop_of_many_at_once_all_end_stopped(world: World, intake: Intake) -> None:
    form(world)
    phones = [f"+30690000{n:04d}" for n in range(20)]
    for phone in phones:
        await say(intake, "join", phone=phone)
    await asyncio.gather(*(say(intake, word, phone=phone) for phone in phones for word in ("YES", "STOP")))
    assert world.rows("select distinct stopped from consent_standing") == [(1,)]
    assert world.one("select count(*) from consent_standing") == (20,)


async def test_c3_from_the_phone(world: World, simulator: Simulator, engine: Any, bound: Any) -> None:
    world.make()
    form(world)
    async with engine(simulator.port):
        await bound()
        for word, texts in (("join", 1), ("yes", 2)):
            simulator.type(str(world.channel_id), ANNA, word)
            await until(lambda texts=texts: world.statuses() == {"delivered": texts})
    assert standing(world) == (0, Kind.DOUBLE_OPT_IN)
    assert world.rows("select distinct unread from conversation") == [(2,)], "the team can read what they wrote"
