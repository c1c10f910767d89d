"""Permission to advertise, given to everybody at once, for tests and measurements that are about something else."""

from __future__ import annotations

from uuid import UUID

PERMIT = """
insert into consent_standing (workspace_id, id, address_hash, promotion_kind, promotion_entry, greeting_kind, greeting_entry)
select workspace_id, gen_random_uuid(), address_hash, 7, entry, 7, entry
from (select *, gen_random_uuid() as entry from contact_identity where workspace_id = %(workspace_id)s) i
on conflict (workspace_id, address_hash) do update
  set promotion_kind = 7, promotion_entry = excluded.promotion_entry, greeting_kind = 7, greeting_entry = excluded.greeting_entry
"""  # 7: consent.types.Kind.EXPRESS_WRITTEN


def permit_everybody(workspace_id: UUID) -> None:
    """Whoever has an address in the workspace now has permitted advertising in writing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(PERMIT, {"workspace_id": workspace_id})
