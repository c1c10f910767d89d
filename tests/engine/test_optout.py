"""A wish to leave, in any words, as it comes in from a carrier: rules O2, O3, O4 and O6."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.purposes import Purpose
from textfirst.phones.simulator import Simulator
from textfirst.testing.permission import PERMIT

PHONE = "306900000000"


@pytest.fixture
def hear(world: World, simulator: Simulator) -> Any:
    """Texts from one phone, one after the other, each in its thread before the next is sent."""
    world.make()

    async def type_in(*texts: str) -> None:
        for text in texts:
            before = world.one("select count(*) from message where direction = 1")[0]
            simulator.type(str(world.channel_id), PHONE, text)
            await until(lambda before=before: world.one("select count(*) from message where direction = 1")[0] > before)

    return type_in


def answers(world: World) -> list[str]:
    return [row[0] for row in world.rows("select body from message where direction = 2 order by id")]


def entries(world: World) -> list[tuple[str, str, str]]:
    return world.rows("select kind, scope, source from consent_entry order by id")


def standing(world: World) -> list[tuple[int, bool]]:
    return world.rows("select stopped, held from consent_standing")


@pytest.mark.parametrize(
    "text", ["please take me off your list", "لو سمحتم لا ترسلوا لي رسائل", "đừng nhắn tin cho tôi nữa", "μη μου στέλνετε άλλα μηνύματα"]
)
async def test_o2_free_words_stop_in_the_transaction_of_the_text_and_of_the_one_answer(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any, text: str
) -> None:
    async with engine(simulator.port):
        await bound()
        await hear(text)
    assert entries(world) == [("stop", "all", "keyword")]
    assert standing(world) == [(1, False)]
    [answer] = answers(world)
    assert "no more texts" in answer
    tables = ("message where direction = 1", "consent_entry", "suppression", "consent_person")
    assert len({world.one(f"select xmin::text from {table}")[0] for table in tables}) == 1
    assert world.one("select words from consent_person") == (text,)
    assert [row[0] for row in world.rows("select direction from message order by id")] == [1, 2]


async def test_o3_a_second_wish_is_kept_and_not_answered(world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("no more texts please", "I said stop texting me", "STOP")
    assert [kind for kind, *_ in entries(world)] == ["stop", "stop", "stop"]
    assert len(answers(world)) == 1


async def test_o3_a_late_answer_is_not_sent(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textfirst.engine.intake.CONFIRM_WITHIN", timedelta(0))  # five minutes, gone by when its turn comes
    async with engine(simulator.port):
        await bound()
        await hear("STOP")
        await until(lambda: world.statuses() in ({"expired": 1}, {"suppressed": 1}))
    assert standing(world) == [(1, False)]
    assert world.rows("select 1 from attempt") == []


async def test_o4_a_doubt_holds_marketing_and_asks_a_person(world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("you got the wrong number")
        assert entries(world) == [("hold", "marketing", "keyword")]
        assert standing(world) == [(0, True)]
        people = world.rows("select contact_id, id, address from contact_identity")
        world.queue(people, "Your table is ready", purpose=Purpose.NOTICE, stamp=(2, 1))
        await until(lambda: world.statuses() == {"delivered": 1})
    assert answers(world) == ["Your table is ready"]  # and no answer by ourselves
    assert world.one("select version from contact_identity") == (2,)  # so that whatever waits is decided again
    [(contact_id, data)] = world.rows("select subject_id, data from event where kind = 'consent.suspected'")
    assert contact_id == people[0][0]
    assert data["message_id"] == str(world.one("select id from message where direction = 1")[0])


async def test_o4_a_doubt_holds_marketing_at_the_claim_until_a_person_decides(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any
) -> None:
    asked = [Purpose.PROMOTION, Purpose.GREETING, Purpose.NOTICE, Purpose.SUPPORT, Purpose.URGENT]  # the others keep to hours
    async with engine(simulator.port):
        await bound()
        await hear("you got the wrong number")
        world.connection.execute(PERMIT, {"workspace_id": world.workspace_id})
        people = world.rows("select contact_id, id, address from contact_identity")
        for purpose in asked:  # decided before the doubt: the stamp is old
            world.queue(people, purpose.word, purpose=purpose)
        await until(lambda: world.statuses() == {"suppressed": 2, "delivered": 3})
        assert world.rows("select body, reason from message where status = 70 order by purpose") == [
            ("promotion", "held"),
            ("greeting", "held"),
        ]
        world.connection.execute("update consent_standing set held = false")
        world.connection.execute("update contact_identity set version = version + 1")
        world.queue(people, "an offer", purpose=Purpose.PROMOTION)
        decided = """
            select m.reason from message m left join outbox o on o.id = m.id
            where m.body = 'an offer' and (m.status <> 10 or o.not_before > now() + interval '1 minute')
        """
        [(reason,)] = await until(lambda: world.rows(decided))
        assert reason != "held", "it leaves, or waits for its hours"


async def test_o4_who_has_stopped_is_not_asked_about(world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("STOP", "wrong number")
    assert standing(world) == [(1, False)]
    assert [kind for kind, *_ in entries(world)] == ["stop"]


async def test_o1_no_more_offers_stops_offers_alone_and_stop_then_stops_the_rest(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any
) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("no more offers please")
        assert entries(world) == [("stop", "marketing", "keyword")]
        people = world.rows("select contact_id, id, address from contact_identity")
        world.queue(people, "Your table is ready", purpose=Purpose.NOTICE, stamp=(2, 1))
        await until(lambda: world.statuses() == {"delivered": 2})
        await hear("stop")
    assert standing(world) == [(7, False)]
    said = answers(world)
    assert "no more offers" in said[0]
    assert "no more texts" in said[2]


async def test_o6_start_brings_back_what_was_stopped_and_thanks_or_yes_bring_nothing(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any
) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("no more offers please", "thanks", "YES", "ok thank you")
        assert standing(world) == [(6, False)]
        await hear("START")
    assert standing(world) == [(0, False)]
    assert [(kind, scope) for kind, scope, _ in entries(world)] == [("stop", "marketing"), ("start", "all")]
    assert len(answers(world)) == 2


async def test_o6_help_is_answered_to_the_stopped_and_changes_nothing(
    world: World, simulator: Simulator, engine: Any, bound: Any, hear: Any
) -> None:
    async with engine(simulator.port):
        await bound()
        await hear("unsubscribe me from everything", "HELP")
        await until(lambda: world.statuses() == {"delivered": 2})
    assert standing(world) == [(1, False)]
    assert "call 10001" in answers(world)[1]
