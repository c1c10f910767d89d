"""How `decide` is asked by those who send: the parameters of the shared SQL, and a workspace's settings out of its rows. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from textfirst.core.ids import earliest_id
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.decisions.caps import CAPPED
from textfirst.decisions.hours import CLASSES
from textfirst.decisions.packs.content import topics_in
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import LegalClass
from textfirst.decisions.policy import LONGEST_CAP, Policy
from textfirst.decisions.types import ENTRY, Facts, Topic

LOOKS_BACK: Final = timedelta(days=LONGEST_CAP + 3)  # the longest cap, and what may have waited three days before it left
AHEAD: Final = timedelta(days=1)  # ids are made by clocks that differ a little; a bound at all spares a look into the months to come


class InForce(NamedTuple):
    """A workspace's settings, and its version when they were read."""

    policy: Policy
    version: int


def in_force(rows: Iterable[tuple[int, str | None]]) -> InForce:
    """The row of `sql/policy.sql`."""
    ((version, body),) = rows
    return InForce(read_policy(body or "{}"), version)


@lru_cache(maxsize=1024)
def read_policy(body: str) -> Policy:
    """Equal bodies are read once a process."""
    return Policy.model_validate_json(body)


def sent_params(purposes: Collection[Purpose], now: datetime) -> Mapping[str, Any]:
    """Of `sql/facts.sql`: whether, and how far back, to look at what was sent. Only what is capped asks."""
    return {
        "counts": not CAPPED.isdisjoint(purposes),
        "sent_since": earliest_id(now - LOOKS_BACK),
        "sent_until": earliest_id(now + AHEAD),
    }


def topics_of(text: str, purpose: Purpose) -> tuple[Topic, ...]:
    """What a text speaks of that somebody has to answer for somewhere; as the team wrote it, so that nobody's name counts."""
    return _topics(text, CLASSES[purpose]) if PURPOSE_RULES[purpose].marketing else ()


@lru_cache(maxsize=256)
def _topics(text: str, legal: LegalClass) -> tuple[Topic, ...]:
    """Texts of the team are few; those of a program may all differ."""
    return topics_in(text, shelf(), legal)


def facts_at(statement: str) -> str:
    """`sql/facts.sql` for the people at `addresses` in one `scheme` instead of `identity_ids`. Their contacts are share-locked, as by the statement that
    makes them, so that they cannot be deleted before the caller's transaction has used them.

    `lateral` leaves the planner no join order: in a workspace newer than the statistics it would walk all of it.
    """
    for whole, found in _GIVEN.items():
        assert statement.count(whole) == 1, "facts.sql finds identities and their contacts in other words"
        statement = statement.replace(whole, found)
    return statement


_GIVEN: Final = {
    "from contact_identity i\njoin contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id\n": """\
from unnest(%(addresses)b::text[]) as given (address)
cross join lateral (
  select * from contact_identity where workspace_id = %(workspace_id)s and scheme = %(scheme)s and address = given.address limit 1
) i
cross join lateral (select * from contact where workspace_id = i.workspace_id and id = i.contact_id for key share) c
""",
    " and i.id = any(%(identity_ids)b::uuid[])": "",
}


def stamped(facts: Facts, version: int) -> Facts:
    """Facts no newer than the settings they are decided by: who reads the two one after the other must not stamp an old answer as new."""
    return facts if facts.workspace_version <= version else facts._replace(workspace_version=version)


def entry_of(facts: Facts, purpose: Purpose) -> UUID | None:
    """The consent entry that a message of this purpose rests on."""
    place = ENTRY.get(purpose)
    return None if place is None else facts[place]  # type: ignore[return-value]  # two of them are entries
