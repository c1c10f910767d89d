"""Settling how people are reached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from pydantic import ValidationError

from textfirst.accounts.models import Workspace
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.faults import INVALID, by_field
from textfirst.core.words import Sentence, in_language, say
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner
from textfirst.decisions.models import DecisionPolicy, TopicAnswer
from textfirst.decisions.packs.shelf import Shelf, shelf
from textfirst.decisions.packs.types import ContentRule, Effect, Pack
from textfirst.decisions.policy import Policy
from textfirst.decisions.queries import policy_of
from textfirst.decisions.record import Records
from textfirst.decisions.types import Topic
from textfirst.decisions.why import TOPICS
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


def take_all_turns(workspace_id: UUID) -> None:
    """`take_turns` for everybody of the workspace: one lock, for thousands whose caps are near."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.decisions").take_all_turns, {"workspace_id": workspace_id})


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


# ── topics that want somebody's word (P5): each act is a row that stays as it is, with the very words that were shown; what stands is part of the policy,
#    so that `decide` knows it and whatever waits is decided again


@dataclass(frozen=True, slots=True)
class Answerable:
    """A topic of a rule in force that wants somebody's word."""

    pack: Pack
    rule: ContentRule
    topic: Topic

    @property
    def name(self) -> str:
        return TOPICS.get(self.topic.name, self.topic.name)

    @property
    def statement(self) -> Sentence:
        return say(
            "I answer for it that we may send advertising about {topic} to people in {place}: that we are allowed to, and that we ask for age where it is asked for.",
            topic=self.name,
            place=self.pack.name,
        )

    def words(self, language: str) -> str:
        """Exactly what somebody puts their name to."""
        return f"{in_language(self.rule.sentence(self.pack.name), language)} {in_language(self.statement, language)}"


def answerable(packs: Shelf | None = None) -> Iterable[Answerable]:
    """Every topic that wants somebody's word, by place."""
    for _, pack in sorted((packs or shelf()).packs.items()):
        for rule in pack.content:
            if rule.check == "topics" and rule.effect is Effect.ATTEST:
                yield from (Answerable(pack, rule, Topic(rule.id, name)) for name in rule.words)


def answer_for(
    workspace_id: UUID, *, rule: str, topic: str, words: str, language: str, reason: str, by_user_id: UUID, now: datetime
) -> TopicAnswer:
    """Raises NotFound for no such topic, Conflict when `words` are not those that are shown now, or when somebody answers already."""
    found = next((one for one in answerable() if one.topic == Topic(rule, topic)), None)
    if found is None:
        raise NotFound("There is no such topic to answer for.")
    if words != found.words(language):
        raise Conflict("The words have changed since you read them. Read them again.", code="words_changed")
    with transaction.atomic():
        standing = _standing(workspace_id)
        if found.topic.key in standing:
            raise Conflict("Somebody answers for this already.", code="answered")
        made = TopicAnswer.objects.create(
            workspace_id=workspace_id, rule=rule, version=found.pack.version, topic=topic, words=words, language=language, reason=reason,
            by_user_id=by_user_id, at=now,
        )  # fmt: skip
        change_policy(workspace_id=workspace_id, changes={"answers_for": sorted({*standing, found.topic.key})})
    return made


def take_back(workspace_id: UUID, answer_id: UUID, *, by_user_id: UUID, now: datetime) -> None:
    """Texts that are made from now on may not speak of it. Raises NotFound; Conflict when it was taken back before."""
    with transaction.atomic():
        standing = _standing(workspace_id)
        row = TopicAnswer.objects.of(workspace_id).filter(id=answer_id, undoes_id=None).first()
        if row is None:
            raise NotFound("There is no such answer in this workspace.")
        if TopicAnswer.objects.of(workspace_id).filter(undoes_id=answer_id).exists():
            raise Conflict("This was taken back already.", code="undone")
        TopicAnswer.objects.create(
            workspace_id=workspace_id, rule=row.rule, version=row.version, topic=row.topic, words=row.words, language=row.language,
            reason=row.reason, by_user_id=by_user_id, at=now, undoes_id=row.id,
        )  # fmt: skip
        change_policy(workspace_id=workspace_id, changes={"answers_for": sorted(standing - {Topic(row.rule, row.topic).key})})


def _standing(workspace_id: UUID) -> set[str]:
    """What is answered for; whoever changes it takes turns with everybody else who does."""
    Workspace.objects.select_for_update().get(id=workspace_id)
    return set(policy_of(workspace_id).answers_for)
