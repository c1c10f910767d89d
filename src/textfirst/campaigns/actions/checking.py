"""What a campaign's text has to look like where it goes: the rules of every place that somebody of its audience may be in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from textfirst.campaigns.queries import execute, sql
from textfirst.contacts.queries.groups import condition
from textfirst.contacts.types import Audience, Fragment
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import Purpose
from textfirst.decisions.hours import CLASSES, asked
from textfirst.decisions.packs.content import Draft, Finding, any_rules, asks_of_a_first, exempt_findings, findings, words_of
from textfirst.decisions.packs.places import prefixes_of
from textfirst.decisions.packs.shelf import STRICT, shelf
from textfirst.decisions.packs.types import Effect, Kind
from textfirst.messages.queries import any_new_to_advertising

MOST_ASKED = 10_000  # contacts of whom it is asked whether this is their first: the newest, for those are the likeliest


class Place(NamedTuple):
    """A row of `sql/places.sql`."""

    prefix: str
    country: str
    region: str


def check_content(workspace_id: UUID, audience: Audience, purpose: Purpose, draft: Draft, relied: Collection[str] = ()) -> list[Finding]:
    """Everything that the rules of the audience's places find in a text, each rule once; of the exemptions, those `relied` on."""
    legal, packs = CLASSES[purpose], shelf()
    if audience.empty or not (relied or any_rules(packs, legal, Kind.TEXT)):
        return []
    wanted = condition(workspace_id, audience)
    where = {
        place: asked(legal, Kind.TEXT, packs, number=place.prefix, country=place.country, region=place.region).jurisdictions
        for place in _places(wanted)
    }
    asking = [place for place, names in where.items() if asks_of_a_first(packs, names, legal, Kind.TEXT)]
    first = replace(draft, first=_is_first(workspace_id, wanted, asking))
    there = sorted({name for names in where.values() for name in names})
    return [*findings(first, packs, there, legal, Kind.TEXT), *exempt_findings(draft, packs, there, legal, Kind.TEXT, relied=relied)]


def could_be_forbidden(workspace_id: UUID, purpose: Purpose, draft: Draft) -> bool:
    """Whether the rules of a place where the workspace has anybody would stop a text: if not, nobody needs to know where its audience is."""
    packs, legal, worst = shelf(), CLASSES[purpose], replace(draft, first=True)
    stopping = {name for name in packs.packs if any(one.effect is Effect.BLOCK for one in findings(worst, packs, [name], legal, Kind.TEXT))}
    return bool(stopping) and (STRICT in stopping or _anybody_there(workspace_id, {name[:2] for name in stopping}))


def refuse_forbidden(found: Iterable[Finding]) -> None:
    """Raises InvalidInput (`content_refused`) for what no carrier there would take; a warning needs nothing."""
    blocking = [one for one in found if one.effect is Effect.BLOCK]
    if blocking:
        words = words_of(blocking[0], shelf())
        raise InvalidInput(words, code="content_refused", fields={"text": words})


def _anybody_there(workspace_id: UUID, countries: Collection[str]) -> bool:
    numbers = prefixes_of(countries)
    beyond = [f"+{int(prefix) + 1}" for prefix in numbers]  # what begins with them is smaller than that
    there = {"workspace_id": workspace_id, "from": numbers, "to": beyond, "countries": sorted(countries)}
    return bool(execute(sql.anybody_there, there)[0][0])


def _places(wanted: Fragment) -> list[Place]:
    return [Place(*row) for row in execute(sql.places.replace("{condition}", wanted.sql), wanted.params)]


def _is_first(workspace_id: UUID, wanted: Fragment, places: Sequence[Place]) -> bool:
    """Whether somebody at these places has had no advertising from us."""
    if not places:
        return False
    there = {
        "prefixes": [one.prefix for one in places if one.prefix],
        "countries": [one.country for one in places if one.country],
        "most": MOST_ASKED,
    }
    rows = execute(sql.newest_there.replace("{condition}", wanted.sql), {**wanted.params, **there})
    return any_new_to_advertising(workspace_id, [row[0] for row in rows])
