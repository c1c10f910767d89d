"""How PostgreSQL finds the next of a campaign: in order, by one index, whether it has counted the table or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from psycopg import ClientCursor
from psycopg.rows import tuple_row
from tests.factories.talk import make_place

from textfirst.campaigns.actions.making import ROW_BY_ROW, letter
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.decisions.asking import sent_params
from textfirst.messages.rules.templates import Around

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MANY = """
insert into recipient (workspace_id, id, campaign_id, contact_id, identity_id)
select %s, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %s, gen_random_uuid(), gen_random_uuid() from generate_series(%s::int, %s::int) n
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.django_db
@pytest.mark.parametrize("counted", ["never", "while it was empty", "now"])
def test_the_next_recipients_are_read_in_order_and_nobody_else_is_looked_at(counted):
    place, campaign_id, later_id = make_place(), new_id(), new_id()
    said = letter("Hi {{ contact.first_name }}", Around("Bench"))
    with connection.cursor() as django:
        django.execute("set local role none")
        if counted == "while it was empty":
            django.execute("analyze recipient")
        django.execute(MANY, [place.id, campaign_id, 1, 3000])
        django.execute(MANY, [place.id, later_id, 3001, 6000])
        if counted == "now":
            django.execute("analyze recipient")
        django.execute("set local role textfirst_app")
        django.execute(ROW_BY_ROW)
    where = {"workspace_id": place.id, "campaign_id": campaign_id, "cursor": f"01900000-0000-7000-8000-{1000:012x}", "limit": 100}
    with ClientCursor(connection.connection, row_factory=tuple_row) as cursor:
        params = {**said.params, **sent_params([Purpose.PROMOTION], NOON), **where}
        [(plan,)] = cursor.execute("explain (analyze, format json) " + said.statement, params)
    [read] = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "recipient"]
    assert (read["Index Name"], read["Actual Rows"], read.get("Rows Removed by Filter", 0)) == ("recipient_pkey", 100, 0)
