"""The facts of a set of identities, read now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load
from textfirst.decisions.rules import facts_by_identity
from textfirst.decisions.types import Facts


def facts_for(workspace_id: UUID, identity_ids: Iterable[UUID]) -> dict[UUID, Facts]:
    """What `decide` needs for each identity; one that does not exist in the workspace is left out."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").facts, {"workspace_id": workspace_id, "identity_ids": list(identity_ids)})
        return facts_by_identity(cursor.fetchall())
