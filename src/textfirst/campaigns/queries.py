"""Reading campaigns: how they stand, who gets them, and what a draft would do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.campaigns.models import Campaign
from textfirst.campaigns.rules import progress
from textfirst.campaigns.types import Counted, Progress, State
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.queries.contacts import contact_ids
from textfirst.contacts.queries.groups import audience as audience_of
from textfirst.contacts.queries.groups import count_audience, merge_fields
from textfirst.contacts.types import Audience, Filter
from textfirst.core.errors import InvalidInput, NotFound
from textfirst.database.fields import WorkspaceQuerySet
from textfirst.database.named_sql import load
from textfirst.messages.rules.composing import Preview, preview
from textfirst.messages.rules.status import STATUSES_SHOWN_AS, shown
from textfirst.messages.rules.templates import ATTRIBUTES, NOBODY, Around, Person, compile_template
from textfirst.messages.types import Shown, Status

sql = load("textfirst.campaigns")
MOST_FOUND = 1_000  # contacts a search among recipients looks for
STRETCH = 20_000  # recipients looked at in one statement when a filter lets few through
MOST_STRETCHES = 5  # in one request: then the page is answered as it is, with a place to go on from
MOST_STRETCHES_FOR_A_REASON = 50  # a few are sought whose number is known: an empty page would help nobody
FIRST_ID = UUID(int=0)


def execute(statement: str, params: dict[str, Any]) -> list[Any]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def campaigns(workspace_id: UUID) -> WorkspaceQuerySet[Campaign]:
    return Campaign.objects.of(workspace_id)


def campaign(workspace_id: UUID, campaign_id: UUID) -> Campaign:
    """Raises NotFound."""
    return _found(campaigns(workspace_id).filter(id=campaign_id).first())


def locked(workspace_id: UUID, campaign_id: UUID) -> Campaign:
    """The campaign, its row ours until the transaction ends. Raises NotFound."""
    return _found(campaigns(workspace_id).select_for_update().filter(id=campaign_id).first())


def counted(workspace_id: UUID, ids: Iterable[UUID]) -> dict[UUID, list[Counted]]:
    """The tally of each campaign, summed."""
    sums: dict[UUID, list[Counted]] = defaultdict(list)
    for campaign_id, *facts in execute(sql.counts, {"workspace_id": workspace_id, "campaign_ids": list(ids)}):
        sums[campaign_id].append(Counted(*facts))
    return sums


def progress_of(workspace_id: UUID, rows: Sequence[Campaign]) -> dict[UUID, Progress]:
    """How far each campaign is."""
    sums = counted(workspace_id, [row.id for row in rows])
    return {row.id: progress(sums[row.id], row.recipients, State(row.state)) for row in rows}


def _found(row: Campaign | None) -> Campaign:
    if row is None:
        raise NotFound("There is no such campaign in this workspace.")
    return row


# ---- recipients


@dataclass(frozen=True, slots=True)
class RecipientCard:
    """A recipient as the table shows it."""

    id: UUID
    contact_id: UUID
    name: str
    address: str
    status: Status
    reason: str | None
    status_at: Any
    until: Any = None  # of a message that waits: not before


def recipients(
    workspace_id: UUID,
    of: Campaign,
    *,
    after: UUID | None = None,
    limit: int = 50,
    seen: Shown | None = None,
    reason: str = "",
    search: str = "",
) -> tuple[list[RecipientCard], UUID | None]:
    """Recipients from the one after `after`, those shown as `seen` or for a `reason` (a code), and where to go on (None at the end).

    A filter that lets few through may answer fewer than `limit` and still have a place to go on from: a request looks at 100,000 at most; at a
    million when a reason is sought, and no further than to the last of whom the count knows.
    """
    expected = _with_reason(workspace_id, of, reason) if reason else None
    if expected == 0:
        return [], None
    where = _where(workspace_id, of, seen, reason, search)
    place = after or FIRST_ID
    if search or (seen is None and expected is None):
        found = _look(where, place, stretch=STRETCH if search else limit + 1, limit=limit + 1)
        return (found[:limit], found[limit - 1].id) if len(found) > limit else (found, None)
    stretches = MOST_STRETCHES if expected is None else MOST_STRETCHES_FOR_A_REASON
    return _look_further(where, place, limit, stretches=stretches, expected=expected if after is None else None)


def _where(workspace_id: UUID, of: Campaign, seen: Shown | None, reason: str, search: str) -> dict[str, Any]:
    """Who is sought, as sql/recipients.sql asks for it; one whose message is not made yet waits, or was cancelled with the campaign."""
    cancelled = of.state == State.CANCELLED
    return {
        "workspace_id": workspace_id,
        "campaign_id": of.id,
        "identity_ids": _searched(workspace_id, search),
        "statuses": [int(status) for status in STATUSES_SHOWN_AS[seen]] if seen else None,
        "unmade": int(Status.CANCELLED if cancelled else Status.QUEUED),
        "reason": reason or None,
        "why_unmade": "cancelled" if cancelled else "",
    }


def _look(where: dict[str, Any], place: UUID, *, stretch: int, limit: int) -> list[RecipientCard]:
    """Those sought among the next `stretch` recipients, at most `limit`."""
    rows = execute(sql.recipients, {**where, "after": place, "stretch": stretch, "limit": limit})
    return [_recipient(row, Status(where["unmade"])) for row in rows]


def _look_further(
    where: dict[str, Any], place: UUID, limit: int, *, stretches: int, expected: int | None
) -> tuple[list[RecipientCard], UUID | None]:
    """Stretch after stretch until the page is full, all `expected` are found, or the request has looked long enough."""
    found: list[RecipientCard] = []
    for _ in range(stretches):
        found += _look(where, place, stretch=STRETCH, limit=limit + 1 - len(found))
        if len(found) > limit:
            return found[:limit], found[limit - 1].id
        if len(found) == expected:
            return found, None
        end, looked = execute(sql.stretch_end, {**where, "after": place, "stretch": STRETCH})[0]
        if looked < STRETCH:
            return found, None
        place = end
    return found, place


def _with_reason(workspace_id: UUID, of: Campaign, reason: str) -> int:
    """How many have it, by the count."""
    sums = counted(workspace_id, [of.id])[of.id]
    made = sum(row.messages for row in sums)
    unmade = of.recipients - made if reason == "cancelled" and of.state == State.CANCELLED else 0
    return unmade + sum(row.messages for row in sums if row.reason.partition(":")[0] == reason)


def _searched(workspace_id: UUID, search: str) -> list[UUID] | None:
    if not search.strip():
        return None
    ids = contact_ids(workspace_id, Filter(search=search), limit=MOST_FOUND)
    return list(ContactIdentity.objects.of(workspace_id).filter(contact_id__in=ids).values_list("id", flat=True))


def _recipient(row: Sequence[Any], unmade: Status) -> RecipientCard:
    id_, contact_id, first_name, last_name, address, status, reason, status_at, until = row
    made = Status(status) if status is not None else unmade
    why = reason if status is not None else "cancelled" if unmade is Status.CANCELLED else None
    return RecipientCard(id_, contact_id, f"{first_name or ''} {last_name or ''}".strip(), address, made, why, status_at, until)


def seen_as(status: Status) -> str:
    return shown(status).word


# ---- what a draft would do

LOOKED_AT = 50_000  # contacts counted one by one; of a larger audience the rest is taken to be like them
SAMPLED = 200  # contacts rendered to find the dearest text
SHOWN_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    contact_id: UUID
    name: str
    address: str
    preview: Preview


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign would do if it started now. `estimated`: the audience is so large that all but `contacts` are scaled from a part of it."""

    contacts: int
    recipients: int
    stopped: int
    blocked: int
    no_number: int
    missing: dict[str, int]
    unknown: tuple[str, ...]
    dearest: Preview
    samples: list[Sample]
    estimated: bool


def plan(workspace_id: UUID, audience: Audience, text: str, around: Around) -> Plan:
    """Count and render for an audience. Raises InvalidInput for a text that cannot be read."""
    template = compile_template(text)
    attributes = frozenset(field.key.removeprefix(ATTRIBUTES) for field in merge_fields(workspace_id) if field.key.startswith(ATTRIBUTES))
    contacts = count_audience(workspace_id, audience)
    looked, sums = _sums(workspace_id, audience, template.unguarded)
    scale = contacts / looked if looked else 0
    no_number, stopped, blocked, *missing = (round(number * scale) for number in sums)
    samples = _samples(workspace_id, audience, text, around, attributes)
    dearest = max((sample.preview for sample in samples), key=lambda one: (one.measure.parts, one.measure.used), default=None)
    return Plan(
        contacts=contacts, recipients=contacts - no_number, stopped=stopped, blocked=blocked, no_number=no_number,
        missing={field: many for field, many in zip(template.unguarded, missing, strict=True) if many}, unknown=template.unknown(attributes),
        dearest=dearest or preview(text, NOBODY, around, attributes=attributes), samples=samples[:SHOWN_SAMPLES], estimated=contacts > looked,
    )  # fmt: skip


def _sums(workspace_id: UUID, audience: Audience, fields: Sequence[str]) -> tuple[int, list[int]]:
    """How many contacts were looked at, and of those: without number, stopped, blocked, then without each field."""
    fragment = audience_of(workspace_id, audience)
    empty = [_is_empty(field, place) for place, field in enumerate(fields)]
    statement = f"""
        select count(*), count(*) filter (where a.identity_id is null), count(*) filter (where s.id is not null), count(*) filter (where c.blocked)
            {"".join(f", count(*) filter (where {one})" for one in empty)}
        from (select * from ({fragment.sql}) one limit {LOOKED_AT}) a
        join contact c on c.workspace_id = %(workspace_id)s and c.id = a.contact_id
        left join suppression s on s.workspace_id = %(workspace_id)s and s.address_hash = a.address_hash and s.scope = 'all'
    """  # noqa: S608 - our own fragments; what people wrote is a parameter
    keys = {f"field{place}": field.removeprefix(ATTRIBUTES) for place, field in enumerate(fields)}
    looked, *sums = execute(statement, {**fragment.params, **keys})[0]
    return looked, sums


_EMPTY = {
    "contact.first_name": "c.first_name = ''",
    "contact.last_name": "c.last_name = ''",
    "contact.name": "c.first_name = '' and c.last_name = ''",
    "contact.phone": "a.identity_id is null",
    "contact.language": "c.language = ''",
    "contact.birthday": "c.birthday is null",
}


def _is_empty(field: str, place: int) -> str:
    """SQL for "this contact has no value for it"; fields of the sender are never empty for a contact."""
    if field.startswith(ATTRIBUTES):
        return f"coalesce(c.attributes ->> %(field{place})s, '') = ''"
    return _EMPTY.get(field, "false")


def _samples(workspace_id: UUID, audience: Audience, text: str, around: Around, attributes: frozenset[str]) -> list[Sample]:
    """The text as some of the audience would get it."""
    fragment = audience_of(workspace_id, audience)
    statement = f"""
        select c.id, c.first_name, c.last_name, c.language, c.birthday, c.attributes, a.address
        from (select contact_id, address from ({fragment.sql}) one where identity_id is not null limit {SAMPLED}) a
        join contact c on c.workspace_id = %(workspace_id)s and c.id = a.contact_id
        order by c.id desc
    """  # noqa: S608 - as above
    return [_sample(row, text, around, attributes) for row in execute(statement, fragment.params)]


def _sample(row: Sequence[Any], text: str, around: Around, attributes: frozenset[str]) -> Sample:
    id_, first_name, last_name, language, birthday, said, address = row
    person = Person(first_name, last_name, address, language, birthday, json.loads(said) if isinstance(said, str) else said)
    return Sample(id_, person.value("name"), address, _shown_to(person, text, around, attributes))


def _shown_to(person: Person, text: str, around: Around, attributes: frozenset[str]) -> Preview:
    try:
        return preview(text, person, around, attributes=attributes)
    except InvalidInput:  # a filter that fails on this contact's value: they will not be sent it, and the rest is still worth seeing
        return preview("", person, around, attributes=attributes)
