"""A batch of recipients made into messages: one statement reads them, each is decided and gets its text, two COPYs write them.

What is done per recipient is done in as few steps of Python as can be, for it is done a million times: ids stay bytes from the one statement to the COPY, a decision
is looked up by what is known, a text is filled into its places, and whatever a sort of message has in common is framed once (messages/rules/copying.py). A text that
only python-liquid can read goes the long way, through a Person each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import Cursor
from psycopg.types.string import ByteaBinaryLoader

from textfirst.campaigns.actions.events import Event
from textfirst.campaigns.queries import sql
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner
from textfirst.decisions.actions import keep_decisions, take_all_turns, take_turns
from textfirst.decisions.asking import InForce, sent_params, topics_of
from textfirst.decisions.caps import CAPPED, is_near, scarce
from textfirst.decisions.queries import facts_of_each, settings_of
from textfirst.decisions.record import Records
from textfirst.decisions.rules import Verdicts
from textfirst.decisions.types import ENTRY, WHO, Asked, Code, Decision, Facts, Stamp, Verdict, told
from textfirst.messages.actions.replacing import replace_waiting
from textfirst.messages.rules.composing import measured
from textfirst.messages.rules.copying import MESSAGE, OUTBOX, Rows, Sender, Sort, copy_into, sort_of
from textfirst.messages.rules.templates import ATTRIBUTES, Around, Compiled, Person, Template, compile_template
from textfirst.messages.types import Encoding
from textfirst.protocols.text import storable

IDENTITY = 2  # place in a row
CONTACT = 4  # … of whose the identity is now
FACTS = 3  # place in a row where the identity's facts begin: after the recipient's own id, contact and identity
KNOWN = FACTS + WHO  # … and what is known of it beyond who it is
ADDRESS = FACTS + Facts._fields.index("address")
VALUES = FACTS + len(Facts._fields)  # … and what the text says of the contact
GONE = (None,) * len(Facts._fields)  # what is known of an identity that is no more

# Two thousand look-ups by key, whatever PostgreSQL believes about tables that nobody has counted: a hash of all contacts for each batch would cost more with each contact.
ROW_BY_ROW = (
    "set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_material = off; set local enable_memoize = off"
)

NOTHING = (Encoding.GSM7, 1)  # how a text is measured that could not be made
PROBLEMS = {"text_too_long": "too_long", "empty": "empty"}  # anything else: text_failed
BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())  # what Python's strip() takes away; there is none beyond

_VALUES = {
    "contact.first_name": "c.first_name",
    "contact.last_name": "c.last_name",
    "contact.name": "btrim(c.first_name || ' ' || c.last_name, %(blank)s)",
    "contact.phone": "f.address",
    "contact.language": "c.language",
    "contact.birthday": "to_char(c.birthday, 'YYYY-MM-DD')",
}
_PERSON = ("c.first_name", "c.last_name", "f.address", "c.language", "c.birthday", "c.attributes")  # Person, in order
_READS = {  # … and the places of which each field is made
    "contact.first_name": (0,), "contact.last_name": (1,), "contact.name": (0, 1), "contact.phone": (2,), "contact.language": (3,), "contact.birthday": (4,),
}  # fmt: skip

Filler = Callable[[Sequence[Any]], str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A campaign's text made ready: the statement that brings what it says of people, and how that becomes their text, storable."""

    statement: str
    params: dict[str, Any]
    fill: Filler
    columns: Sequence[str]  # what the text needs of a contact, in SQL
    text: str  # as it was written


def letter(text: str, around: Around) -> Letter:
    """For a text that cannot be read there is one, too: it fails for each recipient."""
    columns, params, fill = _read(text, around)
    selected = "".join(f", {column}" for column in columns)
    statement = sql.next_recipients.replace("{values}", selected, 2).replace("{facts}", facts_of_each("n.identity_id"), 2)
    return Letter(statement, params, fill, columns, text)


def _read(text: str, around: Around) -> tuple[Sequence[str], dict[str, Any], Filler]:
    """The columns a text needs, their parameters, and how they become the text."""
    try:
        template = compile_template(text)
    except InvalidInput:  # accepted by an older version
        return (), {}, lambda _: compile_template(text).source
    return _quick(template, around) if isinstance(template, Compiled) else _slow(template, around)


def _quick(template: Compiled, around: Around) -> tuple[Sequence[str], dict[str, Any], Filler]:
    """The text's own places filled with values that PostgreSQL hands over as text; they come from its storage, as the text does, and so are storable."""
    keys = {f"field{place}": field.removeprefix(ATTRIBUTES) for place, field in enumerate(template.personal)}
    columns = [_value(field, place) for place, field in enumerate(template.personal)]
    return columns, {**keys, "blank": BLANK}, template.filler(around)


def _value(field: str, place: int) -> str:
    if field.startswith(ATTRIBUTES):
        return f"c.attributes ->> %(field{place})s"
    return _VALUES.get(field, "null")


def _slow(template: Template, around: Around) -> tuple[Sequence[str], dict[str, Any], Filler]:
    read = _read_by(template)
    columns = [column if place in read else "null" for place, column in enumerate(_PERSON)]
    return columns, {}, lambda values: storable(template.render(Person(*_whole(values)), around).text)


def _read_by(template: Template) -> set[int]:
    """The places of Person that a text reads: what it does not need to tell people apart is not fetched. All, where that cannot be told."""
    everything = set(range(len(_PERSON)))
    if "[" in template.source:
        return everything
    read: set[int] = set()
    for field in template.fields:
        if field in _READS:
            read.update(_READS[field])
        elif field.startswith(ATTRIBUTES) and field.count(".") == 2:
            read.add(5)
        elif field not in ("workspace.name", "agent.name"):
            return everything
    return read


def _whole(values: Sequence[Any]) -> Sequence[Any]:
    """A contact that is gone has nothing to say."""
    first_name, last_name, phone, language, birthday, attributes = values
    return first_name or "", last_name or "", phone or "", language or "", birthday, attributes


# ---- the batch


@dataclass(frozen=True, slots=True)
class Batch:
    """What was made: how many, up to which recipient, and of which sorts."""

    messages: int
    last: UUID
    sorts: Sequence[Sort]
    channels: set[UUID]  # where something waits now


def make(
    sender: Sender,
    said: Letter,
    *,
    after: UUID,
    limit: int,
    now: datetime,
    channel_of: Callable[[UUID], UUID] | None = None,
    event: Event | None = None,
) -> Batch | None:
    """Make the next `limit` recipients of a campaign into messages, in the caller's transaction; None when there are no more.

    Those who may not be texted get a message too, which says why. `channel_of` an identity, where channels stand in for one another.
    """
    settings = settings_of(sender.workspace_id)  # before the facts: asking.stamped
    everybody = scarce(sender.purpose, settings.policy.caps)
    if everybody:
        take_all_turns(sender.workspace_id)
    found = _next(sender, said, after, limit, now)
    if not found:
        return None
    made: list[Sort] = []
    channels: set[UUID] = set()
    rows, records = Rows(), Records(sender.workspace_id, now)
    verdicts = verdicts_for(sender.purpose, said, now, settings, event)
    if not everybody and sender.purpose in CAPPED:
        found = _in_turn(sender, found, verdicts, now)
    for channel_id, some in _by_channel(found, sender.channel_id, channel_of):
        sorts = Sorts(replace(sender, channel_id=channel_id), now, verdicts, records)
        _add_all(some, said.fill, sorts, rows)
        made += sorts.values()
        if any(sort.outbox for sort in sorts.values()):
            channels.add(channel_id)
    keep_decisions(sender.workspace_id, records)
    replace_waiting(sender.workspace_id, _replacing(found, said.fill, verdicts), now)
    _write(rows)
    return Batch(len(found), UUID(bytes=found[-1][0]), made, channels)


def _in_turn(sender: Sender, found: list[tuple[Any, ...]], verdicts: Verdicts, now: datetime) -> list[tuple[Any, ...]]:
    """The recipients, with facts read anew of those whose caps are near, once nobody else decides about them: a request at this moment must not take
    the same last room.
    """
    near = {known for known in {row[KNOWN:VALUES] for row in found} if known[0] is not None and is_near(verdicts[known])}
    if not near:
        return found
    crowded = [row for row in found if row[KNOWN:VALUES] in near]
    take_turns(sender.workspace_id, [UUID(bytes=row[CONTACT]) for row in crowded])
    fresh = _facts(sender, [UUID(bytes=row[IDENTITY]) for row in crowded], now)
    return [_with(row, fresh.get(row[IDENTITY], GONE)) if row[KNOWN:VALUES] in near else row for row in found]


def _with(row: tuple[Any, ...], facts: Sequence[Any]) -> tuple[Any, ...]:
    return (*row[:FACTS], *facts, *row[VALUES:])


def _replacing(found: Sequence[Sequence[Any]], fill: Filler, verdicts: Verdicts) -> list[UUID]:
    """The contacts whose message takes the place of earlier ones."""
    known = {one for one, decision in verdicts.items() if decision.replaces}
    return [UUID(bytes=row[1]) for row in found if known and row[KNOWN:VALUES] in known and not text_of(fill, row[VALUES:])[2]]


def _by_channel(found: Sequence[Sequence[Any]], usual: UUID, channel_of: Callable[[UUID], UUID] | None) -> Iterable[tuple[UUID, Any]]:
    """The recipients of each channel; all are the usual one's where nobody stands in for it."""
    if channel_of is None:
        return [(usual, found)]
    some: dict[UUID, list[Any]] = defaultdict(list)
    for row in found:
        some[channel_of(UUID(bytes=row[IDENTITY]))].append(row)
    return some.items()


class Sorts(dict[tuple[Any, ...], Sort]):
    """Sorts of message by what is known of the identity, the text's measure and what is wrong with it; each made when first met."""

    def __init__(self, sender: Sender, now: datetime, verdicts: Verdicts, records: Records) -> None:
        super().__init__()
        self._sender = sender
        self._now = now
        self._verdicts = verdicts
        self._records = records

    @property
    def entry(self) -> int | None:
        """The place in a row of the consent entry that its message rests on."""
        place = ENTRY.get(self._sender.purpose)
        return None if place is None else FACTS + place

    def __missing__(self, key: tuple[tuple[Any, ...], tuple[Encoding, int], str]) -> Sort:
        known, (encoding, segments), problem = key
        decision = settled(self._verdicts, known, problem)
        decision_id = self._records.of(decision)
        sort = self[key] = sort_of(
            self._sender, decision, decision_id=decision_id, encoding=encoding, segments=segments, not_before=self._now
        )
        return sort


def _add_all(found: Sequence[Sequence[Any]], fill: Filler, sorts: Sorts, rows: Rows) -> None:
    """The hot loop: about four microseconds a recipient."""
    entry = sorts.entry
    for row in found:
        text, measure, problem = text_of(fill, row[VALUES:])
        sort = sorts[row[KNOWN:VALUES], measure, problem]
        rows.add(row[:FACTS], None if entry is None else row[entry], sort, row[ADDRESS] or "", text)


def verdicts_for(purpose: Purpose, said: Letter, now: datetime, settings: InForce, event: Event | None = None) -> Verdicts:
    """The decisions about everybody of a campaign that is made now, by the workspace's settings."""
    asked = Asked(purpose, now, not_after=now + PURPOSE_RULES[purpose].validity) if event is None else event.asked(purpose, now)
    return Verdicts(asked._replace(topics=topics_of(said.text, purpose)), settings.policy, version=settings.version)


def settled(verdicts: Verdicts, known: tuple[Any, ...], problem: str) -> Decision:
    """What becomes of a recipient: by what is known of them, and by what is wrong with their text."""
    decision = _blocked("no_number") if known[0] is None else verdicts[known]
    return _blocked(problem, decision.stamp) if problem and decision.verdict is not Verdict.BLOCK else decision


def text_of(fill: Filler, values: Sequence[Any]) -> tuple[str, tuple[Encoding, int], str]:
    """A recipient's text, its measure and what is wrong with it: what is in their record can make it too long, empty or impossible."""
    try:
        text = fill(values)
        return text, measured(text), ""
    except InvalidInput as error:
        return "", NOTHING, PROBLEMS.get(error.code, "text_failed")


def _blocked(reason: str, stamp: Stamp | None = None) -> Decision:
    return told(Verdict.BLOCK, Code[reason.upper()], stamp or Stamp(0, 0))


def _facts(sender: Sender, identity_ids: Sequence[UUID], now: datetime) -> dict[bytes, Sequence[Any]]:
    """What is known of some, by identity, as `_next` brings it."""
    with _plainly() as cursor:
        params = {"workspace_id": sender.workspace_id, "identity_ids": identity_ids, **sent_params([sender.purpose], now)}
        return {row[0]: row for row in cursor.execute(load("textfirst.decisions").facts, params, binary=True)}


def _next(sender: Sender, said: Letter, after: UUID, limit: int, now: datetime) -> list[tuple[Any, ...]]:
    with _plainly() as cursor:
        where = {"workspace_id": sender.workspace_id, "campaign_id": sender.campaign_id, "cursor": after, "limit": limit}
        cursor.execute(ROW_BY_ROW)
        params = {**said.params, **sent_params([sender.purpose], now), **where}
        return cursor.execute(said.statement, params, binary=True).fetchall()


def _plainly() -> Cursor[Any]:
    """Straight through psycopg and in binary: Django's cursor would write every parameter into the text and read every id as text."""
    connection.ensure_connection()
    cursor = Cursor(connection.connection)
    cursor.adapters.register_loader("uuid", ByteaBinaryLoader)  # as their bytes, which is what goes back
    return cursor


def _write(rows: Rows) -> None:
    """Row-level security refuses COPY, so it runs as the owner; every row names its workspace."""
    outbox = rows.outbox
    with as_owner(), connection.cursor() as cursor:
        _copy(cursor, copy_into("message", MESSAGE), rows.messages)
        if outbox:
            _copy(cursor, copy_into("outbox", OUTBOX), outbox)


def _copy(cursor: Any, statement: str, content: bytes) -> None:
    with cursor.copy(statement) as copy:
        copy.write(content)
