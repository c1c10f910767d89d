"""What changes between a decision and the claim: the claim decides anew, says so, and keeps what it answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.engine.carrier import running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.purposes import Purpose
from textfirst.decisions.lawbook import lawbook
from textfirst.decisions.packs.places import place_of_number
from textfirst.decisions.record import Records, decode, wishes_of
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Because, Code, Facts, Verdict
from textfirst.testing.permission import PERMIT

RAISE_PERSON = "update contact_identity set version = version + 1"
RAISE_WORKSPACE = "update workspace set version = version + 1"
POLICY = 'insert into decision_policy (workspace_id, id, body) select id, gen_random_uuid(), \'{"countries": ["US"]}\' from workspace'
OPEN_SOMEWHERE = ("+306900000000", "+61400000000", "+12025550100", "+84900000000", "+6421000000", "+971500000000")


def open_now(verdict: Verdict) -> str:
    """A number whose hours for advertising say so at this moment."""
    now = datetime.now(UTC)
    for number in OPEN_SOMEWHERE:
        facts = Facts(*[None] * 6, 1, 1, promotion_kind=7, prefix=number[:5])  # type: ignore[arg-type]  # who it is does not matter
        if decide(facts, Asked(Purpose.PROMOTION, now, not_after=now + timedelta(days=5)), book=lawbook()).verdict is verdict:
            assert place_of_number(number).jurisdictions
            return number
    pytest.skip(f"nowhere of these places it is {verdict.name} now")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (["update consent_standing set held = true", RAISE_PERSON], "held"),
        (["update consent_standing set promotion_kind = null", RAISE_PERSON], "no_permission"),
        ([POLICY, RAISE_WORKSPACE], "country_not_served"),
    ],
    ids=["hold", "withdrawn", "policy"],
)
async def test_what_changes_after_the_decision_is_seen_by_the_claim(world: World, engine: Any, changes: list[str], reason: str) -> None:
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        people = world.contacts(3)
        world.connection.execute(PERMIT, {"workspace_id": world.workspace_id})
        world.queue(people, purpose=Purpose.PROMOTION)
        for change in changes:
            world.connection.execute(change)
        async with engine():
            await until(lambda: world.statuses() == {"suppressed": 3} or None)
    assert carrier.submits == []
    assert world.rows("select distinct reason from message") == [(reason,)]
    kept = world.rows("select d.body from message_decision m join decision d using (workspace_id) where d.id = m.decision_id")
    assert len(kept) == 3
    assert decode(kept[0][0]).reason == reason


async def test_past_its_hours_it_is_decided_anew_and_leaves_if_it_may(world: World, engine: Any) -> None:
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        world.queue(world.contacts(2), not_before=datetime.now(UTC) + timedelta(seconds=0.5))
        world.connection.execute("update outbox set send_by = now()")
        async with engine():
            await until(lambda: world.statuses() == {"delivered": 2} or None)
    kept = world.rows("select d.body from message_decision m join decision d using (workspace_id) where d.id = m.decision_id")
    assert [decode(body).verdict for (body,) in kept] == [Verdict.ALLOW] * 2


async def test_x1_the_claim_asks_about_the_event_that_the_first_answer_names(world: World, engine: Any) -> None:
    about = (datetime.now(UTC) + timedelta(hours=5)).replace(second=0, microsecond=0)
    asked = Asked(Purpose.NOTICE, datetime.now(UTC), not_after=about, anchor=about)
    records = Records(world.workspace_id, datetime.now(UTC))
    kept = records.of(decide(Facts(*[None] * 6, 1, 1, prefix="+3069"), asked))  # type: ignore[arg-type]  # who it is does not matter
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        world.queue(world.contacts(2))
        world.connection.execute(
            "insert into decision (workspace_id, id, body) values (%s, %s, %s)", [world.workspace_id, kept, records.rows[kept]]
        )
        world.connection.execute("update message set decision_id = %s where id = (select id from message limit 1)", [kept])
        world.connection.execute(RAISE_WORKSPACE)
        async with engine():
            await until(lambda: world.statuses() == {"delivered": 2} or None)
    later = world.rows(
        "select m.decision_id is not null, d.body from message_decision l join decision d on d.id = l.decision_id join message m on m.id = l.message_id"
    )
    anchored = Because(Code.ANCHORED, (int(about.timestamp() // 60),))
    assert sorted((named, anchored in decode(body).reasons) for named, body in later) in ([(False, False)], [(False, False), (True, True)])
    assert wishes_of(records.rows[kept]).anchor == about


async def test_outside_the_hours_it_waits_and_says_why(world: World, engine: Any) -> None:
    number = open_now(Verdict.DEFER)
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        people = world.contacts(1)
        world.connection.execute("update contact_identity set address = %s", [number])
        world.connection.execute(PERMIT, {"workspace_id": world.workspace_id})
        world.queue(people, purpose=Purpose.PROMOTION, valid_for=timedelta(days=5))
        world.connection.execute("update outbox set send_by = now() - interval '1 minute'")
        async with engine():
            await until(lambda: world.rows("select 1 from message_decision"))
    assert carrier.submits == []
    [(status, reason)] = world.rows("select status, reason from message")
    [(waits, window, version)] = world.rows(
        "select not_before > now(), not_before < send_by and send_by < arrive_by, identity_version from outbox"
    )
    assert (status, bool(reason), waits, window, version) == (10, True, True, True, 1)
