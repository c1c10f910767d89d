"""Microseconds of a decision: `python -m bench decisions`. Pure functions, no database; with it: `python -m bench decisions --database 100000`,
which makes a server of its own with the shipped settings and as many contacts, reads their facts, decides, keeps the answers, and asks for a dry run.

The people are as diverse as a shop's customers are: several countries, numbers of many areas, permissions of several kinds and ages, a third of
them written to lately, some stopped, some with a wish of their own. Three in five differ from everybody else in something that may matter.
"""

from __future__ import annotations

import argparse
import os
import random
import time
import timeit
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from bench import report
from bench.pump import database, processor_seconds
from bench.report import Row

from textfirst.consent.types import Kind
from textfirst.core.purposes import Purpose
from textfirst.database import server
from textfirst.decisions import rules
from textfirst.decisions.lawbook import Lawbook
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import DEFAULT
from textfirst.decisions.record import Records
from textfirst.decisions.types import WHO, Asked, Facts

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AREAS = ["+1305", "+1212", "+1415", "+1713", "+1602", "+1206", "+1850", "+3069", "+4479", "+8490", "+4915", "+4850"]
COUNTRIES = ["US"] * 7 + ["GR", "GB", "VN", "DE", "PL"]
KINDS = [None, Kind.EXPRESS, Kind.EXPRESS_WRITTEN, Kind.EXPRESS_WRITTEN, Kind.DOUBLE_OPT_IN, Kind.DOUBLE_OPT_IN, Kind.IMPLIED_PURCHASE]
PEOPLE = 20_000
ROUNDS = 20_000


def people(count: int) -> list[tuple[Any, ...]]:
    """Rows of facts.sql."""
    dice = random.Random(7)
    return [_person(dice) for _ in range(count)]


def _person(dice: random.Random) -> tuple[Any, ...]:
    area = dice.randrange(len(AREAS))
    kind = dice.choice(KINDS)
    until = NOW + timedelta(days=dice.randrange(1, 700)) if kind is Kind.IMPLIED_PURCHASE else None
    minute = int(NOW.timestamp() // 60)
    sent = sorted((minute - dice.randrange(40_000), dice.choice((1, 1, 4, 6))) for _ in range(dice.choice((0, 0, 0, 1, 2, 4))))
    return Facts(
        uuid4(), uuid4(), "tel", f"{AREAS[area]}{dice.randrange(10**7):07}", uuid4() if kind else None, None,
        dice.choice((1, 1, 2, 3)), 5, stopped=int(dice.random() < 0.05), promotion_kind=kind and int(kind), promotion_until=until,
        dnc_listed=dice.choice((None, None, False)), prefix=AREAS[area], country=COUNTRIES[area] if dice.random() < 0.5 else "",
        prefers=dice.choice((0, 0, 0, 0, 1, 2)), born=dice.choice((None, None, dice.randrange(1945, 2008))),
        sent=" ".join(f"{moment}.{purpose}" for moment, purpose in sent),
    )  # fmt: skip


def main(argv: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="python -m bench decisions", description=__doc__)
    options.add_argument("--database", type=int, metavar="CONTACTS", help="with PostgreSQL, and so many contacts")
    contacts = options.parse_args(argv).database
    with_database(contacts) if contacts else without_database()


def without_database() -> None:
    book, asked = Lawbook(shelf()), Asked(Purpose.PROMOTION, NOW, not_after=NOW + timedelta(hours=24))
    rows = people(PEOPLE)
    known = [row[WHO:] for row in rows]
    rules.Verdicts(asked, DEFAULT, book)[known[0]]
    first, again = _each(known, asked, book), _each(known, asked, book)
    stored, bodies, size = _stored(known, asked, book)
    plain = Facts(*SOMEBODY, 1, 1, promotion_kind=int(Kind.DOUBLE_OPT_IN), prefix="+4479")
    claims: dict[str, Callable[[], object]] = {
        "decide: allowed": lambda: rules.decide(plain, asked, DEFAULT, book),
        "decide: stopped": lambda: rules.decide(plain._replace(stopped=1), asked, DEFAULT, book),
        "decide: a notice": lambda: rules.decide(plain, Asked(Purpose.NOTICE, NOW), DEFAULT, book),
        "decide: capped": lambda: rules.decide(plain._replace(sent=f"{int(NOW.timestamp() // 60) - 60}.1"), asked, DEFAULT, book),
        "facts of one row": lambda: rules.facts_of(rows[0]),
    }
    report.write(
        "decisions",
        [
            Row("diverse people, a campaign's first batch of a day", first, "µs"),
            Row("diverse people, decided", again, "µs"),
            Row("diverse people, decided and made ready to store", stored, "µs"),
            Row("decided alone of all", 100 * len(set(known)) / PEOPLE, "%"),
            Row("decision rows for a recipient", bodies, "bytes"),
            Row("longest decision row", size, "bytes"),
            *(
                Row(name, min(timeit.repeat(run, timer=time.process_time, number=ROUNDS, repeat=5)) / ROUNDS * 1e6, "µs")
                for name, run in claims.items()
            ),
        ],
    )


SOMEBODY = (uuid4(), uuid4(), "tel", "+447900000001", None, None)


def _each(known: Sequence[tuple[Any, ...]], asked: Asked, book: Lawbook) -> float:
    """Microseconds of CPU for each, in batches of a thousand as a campaign has them."""
    start = time.process_time()
    for begin in range(0, len(known), 1000):
        verdicts = rules.Verdicts(asked, DEFAULT, book)
        for one in known[begin : begin + 1000]:
            verdicts[one]
    return (time.process_time() - start) / len(known) * 1e6


def _stored(known: Sequence[tuple[Any, ...]], asked: Asked, book: Lawbook) -> tuple[float, float, float]:
    """The same with a record's id for each; bytes of rows for each recipient, with the two ids in its message; the longest row."""
    start = time.process_time()
    rows: dict[UUID, str] = {}
    for begin in range(0, len(known), 1000):
        verdicts, records = rules.Verdicts(asked, DEFAULT, book), Records(UUID(int=1), NOW)
        for one in known[begin : begin + 1000]:
            records.of(verdicts[one])
        rows |= records.rows
    spent = (time.process_time() - start) / len(known) * 1e6
    return spent, 32 + sum(len(body) + 32 for body in rows.values()) / len(known), max(map(len, rows.values()))


# ---- with the database

CROWD = """
create temp table p as select n, gen_random_uuid() as contact, gen_random_uuid() as identity,
  (array['+30694', '+13055', '+12125', '+84903', '+96650', '+44770', '+88213', '+4860', '+1800'])[n % 9 + 1] || lpad(n::text, 7, '0') as phone
from generate_series(1, {contacts}) n;
insert into workspace (id, name, country, time_zone, language, languages, version, created_at, retention_months)
values ('{workspace}', 'Bench', 'GB', 'Europe/London', 'en', '[]', 1, now(), '{{}}');
insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text, country, region, prefers, created_at, updated_at)
select '{workspace}', contact, (array['Anna', 'Ben', 'Eleni', 'Nguyen', 'Omar', 'Kasia', ''])[n % 7 + 1] || (n % 300)::text, '', 'en',
  (array['', '', 'Europe/Athens', 'America/New_York'])[n % 4 + 1], '{{}}', n % 41 = 0, '', (array['', '', 'GR', 'US'])[n % 4 + 1], '', 0, now(), now() from p;
insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version, created_at)
select '{workspace}', identity, contact, 'tel', phone, sha256(phone::bytea), 1, now() from p;
insert into consent_standing (workspace_id, id, address_hash, promotion_kind, stopped)
select '{workspace}', gen_random_uuid(), sha256(phone::bytea), (array[8, 8, 6, 1, null])[n % 5 + 1], (n % 37 = 0)::int from p;
insert into message (workspace_id, id, contact_id, identity_id, channel_id, direction, purpose, status, flags, segments, encoding, address, body)
select '{workspace}', (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - (n % 5000) * 60000), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8'
    || lpad(to_hex(n), 15, '0'))::uuid, contact, identity, gen_random_uuid(), 2, 1, 80, 0, 1, 0, phone, 'x'
from p where n % 5 = 0;
"""
BATCH = 2000


def with_database(contacts: int) -> None:
    """Facts read, decided, kept and committed, in batches as a campaign has them; then what a dry run takes."""
    workspace = UUID(int=7)
    with database() as url:
        with psycopg.connect(url.replace(f"//{server.cluster.ROLE}@", f"//{server.cluster.SUPERUSER}@"), autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute(CROWD.format(contacts=contacts, workspace=workspace))
            connection.execute("vacuum analyze")
        from textfirst.database.scope import enter_workspace

        enter_workspace(workspace)
        rows = [*_kept(workspace, contacts), *_dry_runs(workspace)]
        report.write("decisions with the database", rows, contacts=contacts, load=os.getloadavg())


def _kept(workspace: UUID, contacts: int) -> list[Row]:
    from django.db import connection, transaction

    from textfirst.contacts.models import ContactIdentity
    from textfirst.decisions.actions import keep_decisions
    from textfirst.decisions.queries import facts_for, settings_of

    ids = list(ContactIdentity.objects.of(workspace).order_by("id").values_list("id", flat=True))
    backend = connection.connection.info.backend_pid
    reading = keeping = 0.0
    began = time.perf_counter()
    for begin in range(0, contacts, BATCH):
        now = datetime.now(UTC)
        with transaction.atomic():
            before = _spent(backend)
            settings = settings_of(workspace)
            facts = facts_for(workspace, ids[begin : begin + BATCH], [Purpose.PROMOTION], now)
            middle = _spent(backend)
            verdicts = rules.Verdicts(
                Asked(Purpose.PROMOTION, now, not_after=now + timedelta(hours=72)), settings.policy, version=settings.version
            )
            records = Records(workspace, now)
            for one in facts.values():
                records.of(verdicts[one[WHO:]])
            keep_decisions(workspace, records)
        reading += middle - before
        keeping += _spent(backend) - middle
    wall = time.perf_counter() - began
    return [
        Row("facts read, of each", reading / contacts * 1e6, "µs"),
        Row("decided and kept, of each", keeping / contacts * 1e6, "µs"),
        Row("decided and kept a second of CPU, facts at hand", contacts / keeping, "a second", ">= 20000"),
        Row("facts read, decided and kept a second of CPU", contacts / (reading + keeping), "a second"),
        Row("the same by the clock", contacts / wall, "a second"),
    ]


def _dry_runs(workspace: UUID) -> list[Row]:
    """By one connection and by two, of a text with a name in it and of one in full Liquid."""
    from django.db import connection

    from textfirst.campaigns.actions import dry_run as module
    from textfirst.contacts.types import Audience

    rows, whole = [], module.LARGE
    backend = connection.connection.info.backend_pid
    texts = {
        "a name": "Hi {{ contact.first_name }}",
        "Liquid": "{% if contact.first_name contains 'A' %}Hi{% else %}Hello {{ contact.first_name }}{% endif %}",
    }
    for what, text in texts.items():
        for how, module.LARGE in (("one connection", 10**9), ("two", whole)):
            spent, began = _spent(backend), time.perf_counter()
            module.dry_run(
                workspace_id=workspace, audience=Audience(everyone=True), purpose=Purpose.PROMOTION, text=text, now=datetime.now(UTC)
            )
            wall, used = time.perf_counter() - began, _spent(backend) - spent
            rows.append(Row(f"dry run, {what}, {how}: by the clock", wall, "s", "<= 3"))
            if how != "two":
                rows.append(Row(f"dry run, {what}: CPU of both sides", used, "s"))
    module.LARGE = whole
    return rows


def _spent(backend: int) -> float:
    """Seconds of CPU of this process and of its side of the server."""
    return time.process_time() + processor_seconds(backend)
