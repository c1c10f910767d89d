"""The facts of a set of identities, read now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load
from textfirst.decisions.models import DecisionPolicy, DecisionRecord
from textfirst.decisions.policy import Policy
from textfirst.decisions.record import decode
from textfirst.decisions.rules import facts_by_identity
from textfirst.decisions.types import Decision, Facts


def facts_for(workspace_id: UUID, identity_ids: Iterable[UUID]) -> dict[UUID, Facts]:
    """What `decide` needs for each identity; one that does not exist in the workspace is left out."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").facts, {"workspace_id": workspace_id, "identity_ids": list(identity_ids)})
        return facts_by_identity(cursor.fetchall())


def policy_of(workspace_id: UUID) -> Policy:
    """What the workspace has settled, read now."""
    body = DecisionPolicy.objects.of(workspace_id).values_list("body", flat=True).first()
    return Policy.model_validate(body or {})


def decisions_of(workspace_id: UUID, ids: Iterable[UUID | None]) -> dict[UUID | None, Decision]:
    """The decisions kept under these ids."""
    rows = DecisionRecord.objects.of(workspace_id).filter(id__in=[one for one in ids if one is not None])
    return {row.id: decode(row.body) for row in rows}


def facts_of_each(identity: str) -> str:
    """`sql/facts.sql` for the identity that each row of a larger statement names, to stand there as a lateral join; its columns are Facts, in order.

    Row by row on purpose: joined as a set, it was read anew for each row while nobody had counted the tables.
    """
    statement, found = _GIVEN.subn(lambda _: identity, load("textfirst.decisions").facts)
    assert found == 1, "facts.sql takes its identities once"
    return statement.rstrip().removesuffix(";")


_GIVEN = re.compile(r"any\(%\(identity_ids\)[sbt]::uuid\[\]\)")
