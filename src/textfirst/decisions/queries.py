"""The facts of a set of identities, read now."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.asking import InForce, in_force, sent_params
from textfirst.decisions.models import DecisionRecord
from textfirst.decisions.policy import Policy
from textfirst.decisions.record import decode
from textfirst.decisions.rules import facts_by_identity
from textfirst.decisions.types import Decision, Facts


def facts_for(
    workspace_id: UUID, identity_ids: Iterable[UUID], purposes: Collection[Purpose] = (), now: datetime | None = None
) -> dict[UUID, Facts]:
    """What `decide` needs for each identity to be reached for `purposes` at `now`; one that does not exist in the workspace is left out."""
    where = {"workspace_id": workspace_id, "identity_ids": list(identity_ids), **sent_params(purposes, now or datetime.now(UTC))}
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").facts, where)
        return facts_by_identity(cursor.fetchall())


def settings_of(workspace_id: UUID) -> InForce:
    """What the workspace has settled, and the version up to which that is so, read now."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").policy, {"workspace_id": workspace_id})
        return in_force(cursor.fetchall())


def policy_of(workspace_id: UUID) -> Policy:
    """What the workspace has settled, read now."""
    return settings_of(workspace_id).policy


def decisions_of(workspace_id: UUID, ids: Iterable[UUID | None]) -> dict[UUID | None, Decision]:
    """The decisions kept under these ids."""
    rows = DecisionRecord.objects.of(workspace_id).filter(id__in=[one for one in ids if one is not None])
    return {row.id: decode(row.body) for row in rows}


def facts_of_each(identity: str) -> str:
    """`sql/facts.sql` for the identity that each row of a larger statement names, to stand there as a lateral join; its columns are Facts, in order.

    Row by row on purpose, and the offset keeps it so: joined as a set, it was read anew for each row while nobody had counted the tables.
    """
    statement, found = _GIVEN.subn(lambda _: identity, load("textfirst.decisions").facts)
    assert found == 1, "facts.sql takes its identities once"
    return f"{statement.rstrip().removesuffix(';')} offset 0"


_GIVEN = re.compile(r"any\(%\(identity_ids\)[sbt]::uuid\[\]\)")
