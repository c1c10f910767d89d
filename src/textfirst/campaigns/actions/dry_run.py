"""What would become of a campaign, counted before anybody is texted, by the same facts, texts and decisions that will make its messages.

PostgreSQL puts people together of whom the same is known and of whom the text says the same; each such group is decided once, and each text rendered once.
A large audience is asked for in two halves at once, by two connections: PostgreSQL works on a question with one core, and its work is most of the time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from psycopg import Cursor

from textfirst.accounts.models import Workspace
from textfirst.campaigns.actions.events import Event
from textfirst.campaigns.actions.making import ROW_BY_ROW, Filler, Letter, letter, settled, text_of, verdicts_for
from textfirst.campaigns.queries import sql
from textfirst.campaigns.rules import WRONG_TIME
from textfirst.campaigns.types import DryRun, Start
from textfirst.contacts.models import Contact
from textfirst.contacts.queries.groups import audience as audience_of
from textfirst.contacts.types import Audience
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import Purpose
from textfirst.database.scope import workspace_scope
from textfirst.decisions.asking import sent_params
from textfirst.decisions.hours import CLASSES, asked, local_times
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Kind
from textfirst.decisions.queries import facts_of_each, settings_of
from textfirst.decisions.types import WHO, Code, Facts, Verdict
from textfirst.messages.rules.sending import FURTHEST
from textfirst.messages.rules.templates import Around, compile_template

KNOWN = Facts._fields[WHO:]
LARGE = 20_000  # contacts of a workspace


def moment_of(at: datetime | None, now: datetime) -> datetime:
    """When a campaign that is planned for `at` would be made. Raises InvalidInput for a time without its zone, or more than a year ahead."""
    if at is not None and (at.tzinfo is None or at - now > FURTHEST):
        raise InvalidInput(WRONG_TIME, fields={"at": WRONG_TIME})
    return max(at or now, now)


def dry_run(*, workspace_id: UUID, audience: Audience, purpose: Purpose, text: str, now: datetime, event: Event | None = None) -> DryRun:
    """What the campaign would come to if it was made into messages at `now` (aware). Raises InvalidInput for a text that cannot be read.

    One about an `event` is made before the moment that it is planned for, which is what is told as now.
    """
    compile_template(text)
    firm = Workspace.objects.values_list("name", flat=True).get(id=workspace_id)
    said = letter(text, Around(firm))
    verdicts = verdicts_for(purpose, said, now, settings_of(workspace_id), event)
    found = DryRun(max(now, event.planned) if event and event.planned else now)
    clocks, texts = _Clocks(purpose), _Texts(said.fill)
    for many, *row in _groups(_Question(workspace_id, audience, said, sent_params([purpose], now))):
        known = tuple(row[: len(KNOWN)])
        segments, problem = texts.of(tuple(row[len(KNOWN) :]))
        decision = settled(verdicts, known, problem)
        found.total += many
        if decision.verdict is Verdict.BLOCK:
            found.refused[decision.reason] += many
            continue
        found.segments += many * segments
        leaves = decision.until or now
        if leaves == found.at:
            found.now += many
        else:
            found.later[Start(leaves, decision.reason or Code.MOVED_BEFORE.word, clocks.at(known, leaves))] += many
    return found


class _Texts:
    """How many parts a text has, and what is wrong with it; each text once, where what it says can be looked up."""

    def __init__(self, fill: Filler) -> None:
        self._fill = fill
        self._known: dict[tuple[Any, ...], tuple[int, str]] = {}

    def of(self, values: tuple[Any, ...]) -> tuple[int, str]:
        alike = not any(isinstance(value, dict) for value in values)  # attributes, read whole
        found = self._known.get(values) if alike else None
        if found is None:
            _, (_, segments), problem = text_of(self._fill, values)
            found = segments, problem
            if alike:
                self._known[values] = found
        return found


class _Clocks:
    """What the clocks of people say, of whom the same is known."""

    def __init__(self, purpose: Purpose) -> None:
        self._legal = CLASSES[purpose]

    def at(self, known: Sequence[Any], moment: datetime) -> str:
        """2026-11-23T09:00; empty where their zone is not known or is one of several that differ."""
        facts = dict(zip(KNOWN, known, strict=True))
        where = {"number": facts["prefix"], "country": facts["country"], "region": facts["region"], "zone": facts["zone"]}
        times = {f"{there:%Y-%m-%dT%H:%M}" for there in local_times(asked(self._legal, Kind.TEXT, shelf(), **where), moment).values()}
        return times.pop() if len(times) == 1 else ""


class _Question(NamedTuple):
    """Of whom the same is known and to whom a text says the same."""

    workspace_id: UUID
    audience: Audience
    said: Letter
    sent: Mapping[str, Any]


def _groups(question: _Question) -> list[Sequence[Any]]:
    """Those alike. Within a transaction another connection would not see what was written in it, so there one asks."""
    if connection.in_atomic_block or not _is_large(question.workspace_id):
        return _page(question, 0, 1)
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(_page_beside, question)
        return _page(question, 0, 2) + other.result()


def _is_large(workspace_id: UUID) -> bool:
    """Whether there may be enough people for a second connection to be worth its making."""
    return Contact.objects.of(workspace_id).order_by()[LARGE : LARGE + 1].exists()


def _page_beside(question: _Question) -> list[Sequence[Any]]:
    """The second half, in a thread of its own, with a connection of its own."""
    try:
        with workspace_scope(question.workspace_id):
            return _page(question, 1, 2)
    finally:
        connection.close()


def _page(question: _Question, page: int, pages: int) -> list[Sequence[Any]]:
    workspace_id, audience, said, sent = question
    fragment = audience_of(workspace_id, audience)
    parts = {
        "audience": fragment.sql,
        "facts": facts_of_each("a.identity_id"),
        "names": ", ".join(Facts._fields),
        "known": ", ".join(f"f.{name}" for name in KNOWN),
        "values": "".join(f", {column}" for column in said.columns),
        "places": ", ".join(str(2 + place) for place in range(len(KNOWN) + len(said.columns))),
    }
    statement = _NAMED.sub(lambda name: parts[name[1]], sql.dry_run)
    with transaction.atomic(), Cursor(connection.connection) as cursor:
        cursor.execute(ROW_BY_ROW)
        return cursor.execute(statement, {**fragment.params, **said.params, **sent, "page": page, "pages": pages}, binary=True).fetchall()


_NAMED = re.compile(r"\{(\w+)\}")
