"""A small world to send and receive in, made by plain SQL: what the console would have made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from textfirst.channels.contract import ChannelFacts
from textfirst.core.addresses import TEL, Address, address_hash
from textfirst.core.ids import new_id
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.messages.types import Encoding, Status
from textfirst.protocols import sms

KEY = b"k" * 32


@dataclass
class World:
    """One workspace with a channel, and a connection that sees everything."""

    url: str
    connection: psycopg.Connection[Any]
    workspace_id: UUID = field(default_factory=new_id)
    channel_id: UUID = field(default_factory=new_id)
    inbox_id: UUID = field(default_factory=new_id)

    def make(
        self, *, kind: str = "simulator", config: dict[str, Any] | None = None, rate: int = 0, window: int = 500, address: str = "10001"
    ) -> None:
        run = self.connection.execute
        run("insert into workspace (id, name, country, time_zone, language, languages, retention_months, version, created_at)"
            " values (%s, 'Riverside Dental', 'GR', 'Europe/Athens', 'en', '[]', '{}', 1, now())", [self.workspace_id])  # fmt: skip
        run("insert into inbox (workspace_id, id, name, created_at) values (%s, %s, 'Inbox', now())", [self.workspace_id, self.inbox_id])
        run('insert into channel (workspace_id, id, name, kind, address, config, secrets, rate, "window", enabled, version, created_at)'
            " values (%s, %s, 'Main', %s, %s, %s, '', %s, %s, true, 1, now())",
            [self.workspace_id, self.channel_id, kind, address, json.dumps(config or {}), rate, window])  # fmt: skip
        run("insert into inbox_channel (workspace_id, id, inbox_id, channel_id) values (%s, %s, %s, %s)",
            [self.workspace_id, new_id(), self.inbox_id, self.channel_id])  # fmt: skip

    @property
    def facts(self) -> ChannelFacts:
        row = self.one(
            'select workspace_id, id, kind, address, config, rate, "window", version from channel where id = %s', self.channel_id
        )
        return ChannelFacts(*row[:5], {}, *row[5:])

    def contacts(self, count: int, *, first: int = 0) -> list[tuple[UUID, UUID, str]]:
        """So many people: contact id, identity id, number."""
        people = [(new_id(), new_id(), f"+3069{first + n:08d}") for n in range(count)]
        with self.connection.cursor() as cursor:
            with cursor.copy(
                "copy contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text) from stdin"
            ) as copy:
                for contact_id, _, number in people:
                    copy.write_row((self.workspace_id, contact_id, "Maria", "", "", "", "{}", False, number))
            with cursor.copy(
                "copy contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version) from stdin"
            ) as copy:
                for contact_id, identity_id, number in people:
                    copy.write_row(
                        (
                            self.workspace_id,
                            identity_id,
                            contact_id,
                            "tel",
                            number,
                            address_hash(KEY, self.workspace_id, Address(TEL, number)),
                            1,
                        )
                    )
        return people

    def queue(
        self, people: Sequence[tuple[UUID, UUID, str]], text: str = "Hello {n}", *, purpose: Purpose = Purpose.NOTICE, campaign_id: UUID | None = None,
        valid_for: timedelta = timedelta(hours=24), not_before: datetime | None = None, status: Status = Status.QUEUED, stamp: tuple[int, int] = (1, 1),
    ) -> list[UUID]:  # fmt: skip
        """Messages to these people, as accepted."""
        rule = PURPOSE_RULES[purpose]
        now = datetime.now(UTC)
        ids = [new_id() for _ in people]
        bodies = [text.replace("{n}", str(n)) for n in range(len(people))]
        measured = {body: sms.plan(body) for body in set(bodies)}
        with self.connection.cursor() as cursor:
            with cursor.copy("copy message (workspace_id, id, contact_id, identity_id, channel_id, campaign_id, direction, purpose, status, flags,"
                             " segments, encoding, address, body) from stdin") as copy:  # fmt: skip
                for identifier, (contact_id, identity_id, number), body in zip(ids, people, bodies, strict=True):
                    plan = measured[body]
                    copy.write_row((self.workspace_id, identifier, contact_id, identity_id, self.channel_id, campaign_id, 2, int(purpose), int(status), 0,
                                    plan.parts, _encoding(plan), number, body))  # fmt: skip
            with cursor.copy("copy outbox (workspace_id, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags,"
                             " not_before, not_after, identity_version, workspace_version, address, body) from stdin") as copy:  # fmt: skip
                for identifier, (_, identity_id, number), body in zip(ids, people, bodies, strict=True):
                    plan = measured[body]
                    copy.write_row((self.workspace_id, identifier, self.channel_id, identity_id, campaign_id, int(rule.lane), int(rule.delivery), plan.parts,
                                    _encoding(plan), 0, 0, not_before or now, now + valid_for, *stamp, number, body))  # fmt: skip
        self.connection.execute("select pg_notify('textfirst_outbox', %s)", [str(self.channel_id)])
        return ids

    async def alter(self, sql: str) -> None:
        """Change the schema while the engine runs: from another thread, for it waits for the engine's transactions, and they for this loop."""
        await asyncio.to_thread(self.connection.execute, sql)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, params).fetchall()

    def one(self, sql: str, *params: Any) -> Any:
        return self.rows(sql, *params)[0]

    def statuses(self) -> dict[str, int]:
        """How many outgoing messages stand where."""
        return {
            Status(status).word: count for status, count in self.rows("select status, count(*) from message where direction = 2 group by 1")
        }


def _encoding(plan: sms.Segments) -> int:
    return int(Encoding.UCS2 if plan.alphabet is sms.Alphabet.UCS2 else Encoding.GSM7)
