"""Settling how people are reached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from pydantic import ValidationError

from textfirst.accounts.models import Workspace
from textfirst.core.errors import InvalidInput
from textfirst.core.faults import INVALID, by_field
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner
from textfirst.decisions.models import DecisionPolicy
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import Policy
from textfirst.decisions.record import Records
from textfirst.events.actions import record_one

PACKS = "rule_packs"  # key in instance_setting: the seal of the packs that were in force last
ASK_WAITING = "messages.ask_waiting"  # the job that lets go sooner what may, in `messages`
MAY_BE_SOONER = ("hours", "caps", "staff_hours")  # a change of these may bring forward what waits
BY_KEY = frozenset({"hours", "caps", "plans"})  # of these, what a change leaves out stays; anything else is replaced whole


def change_policy(*, workspace_id: UUID, changes: Mapping[str, Any]) -> Policy:
    """Set what `changes` names; None puts a default back. Whatever waits is decided again, for the workspace's version rises.

    Raises InvalidInput naming the place (`caps.notice.0.days`).
    """
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(id=workspace_id)  # one who changes at a time
        row = DecisionPolicy.objects.of(workspace_id).first() or DecisionPolicy(workspace_id=workspace_id)
        before, policy = _read(row.body or {}), _read(_merged(row.body or {}, changes))
        row.body = policy.model_dump(mode="json", exclude_defaults=True)
        row.save()
        workspace.version += 1
        workspace.save(update_fields=["version"])
        record_one(workspace_id, "workspace.updated", workspace_id)
        if any(getattr(before, name) != getattr(policy, name) for name in MAY_BE_SOONER):
            ask_waiting(workspace_id)
    return policy


def ask_waiting(workspace_id: UUID) -> None:
    """Let a job ask of all that waits whether it may go sooner; one job stands for many calls."""
    lock = f"{ASK_WAITING}:{workspace_id}"
    job = app.configure_task(ASK_WAITING, allow_unknown=True, lock=lock, queueing_lock=lock)
    with suppress(AlreadyEnqueued), transaction.atomic():  # a savepoint: being there already is no reason to lose the caller's work
        job.defer(workspace_id=str(workspace_id))


def note_packs() -> bool:
    """At start-up, as owner: when other rule packs are in force than before, whatever waits anywhere is decided again, and soon if it may go sooner.

    Whether that was so.
    """
    seal = hashlib.sha256("".join(sorted(pack.sha256 for pack in shelf().packs.values())).encode()).hexdigest()
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "insert into instance_setting as s (key, value) values (%s, to_jsonb(%s::text))"
            " on conflict (key) do update set value = excluded.value, updated_at = now() where s.value <> excluded.value returning 1",
            [PACKS, seal],
        )
        changed = cursor.fetchone() is not None
        if changed:
            cursor.execute(
                "update workspace w set version = version + 1 returning id, exists (select from outbox o where o.workspace_id = w.id)"
            )
            for workspace_id, waits in cursor.fetchall():
                if waits:
                    ask_waiting(workspace_id)
    return changed


def take_turns(workspace_id: UUID, contact_ids: Iterable[UUID]) -> None:
    """Until the end of the transaction nobody else decides about these contacts who takes turns as well; for those whose caps are near."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").take_turns, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)})


def keep_decisions(workspace_id: UUID, records: Records) -> None:
    """Keep the answers that are not kept yet, in the caller's transaction."""
    if records.rows:
        with connection.cursor() as cursor:
            cursor.execute(
                load("textfirst.decisions").keep,
                {"workspace_id": workspace_id, "ids": list(records.rows), "bodies": list(records.rows.values())},
            )


def _read(body: Mapping[str, Any]) -> Policy:
    try:
        return Policy.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(INVALID, fields=by_field(error.errors(include_url=False))) from error


def _merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    after = dict(before)
    for name, given in changes.items():
        after[name] = {**before.get(name, {}), **given} if name in BY_KEY and isinstance(given, Mapping) else given
        if name in BY_KEY and isinstance(given, Mapping):
            after[name] = {key: value for key, value in after[name].items() if value is not None}
    return {name: value for name, value in after.items() if value is not None}
