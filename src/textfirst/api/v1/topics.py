"""Topics of advertising for which carriers want somebody's word: who gave it, in which words, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.models import User
from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.v1.consent import ByOut
from textfirst.consent.actions.stops import LONGEST_NOTE
from textfirst.core.errors import InvalidInput
from textfirst.core.words import in_language
from textfirst.decisions.actions import Answerable, answer_for, answerable, take_back
from textfirst.decisions.models import TopicAnswer
from textfirst.decisions.types import Topic
from textfirst.decisions.why import TOPICS

router = Router(tags=["rules"])

SHOWN_WORDS = 6  # of a topic: enough to see what is meant
WHY = "Say why you answer for it: the reason is kept with your name."


class TopicAnswerOut(Schema):
    id: Annotated[UUID, Field(description="To take it back by.")]
    rule: str
    version: Annotated[int, Field(description="Of the rule pack that was in force.")]
    topic: str
    name: Annotated[str, Field(description="The topic in the reader's language.")]
    words: Annotated[str, Field(description="Exactly what they were shown and put their name to.")]
    language: str
    reason: str
    by: Annotated[ByOut | None, Field(description="Null once they are gone.")]
    at: datetime
    undoes_id: Annotated[UUID | None, Field(description="Of the answer that this one takes back.")]


class TopicOut(Schema):
    rule: Annotated[str, Field(examples=["US.topics"])]
    jurisdiction: str
    place: str
    topic: Annotated[str, Field(examples=["alcohol"])]
    name: str
    examples: Annotated[list[str], Field(description="Some of the words by which we know it.")]
    words: Annotated[str, Field(description="What somebody puts their name to; they go back as they are.")]
    answer: Annotated[
        TopicAnswerOut | None, Field(description="Who answers for it now; null: nobody, and such advertising does not leave.")
    ]


class TopicsOut(Schema):
    items: list[TopicOut]


class TopicAnswerIn(Schema, extra="forbid"):
    rule: Annotated[str, Field(max_length=40)]
    topic: Annotated[str, Field(max_length=40)]
    words: Annotated[str, Field(max_length=2000, description="As `GET /policy/topics` shows them in the same language.")]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, description="Why you answer for it; kept with your name.")]


@router.get("/policy/topics", response=TopicsOut)
@needs(Role.VIEWER)
def list_topics(request: Request) -> dict[str, Any]:
    """Every topic that wants somebody's word somewhere, and who has given it."""
    workspace_id, language = request.caller.workspace_id, reader_language(request)
    rows = TopicAnswer.objects.of(workspace_id)
    gone = set(rows.exclude(undoes_id=None).values_list("undoes_id", flat=True))
    standing = [row for row in rows.filter(undoes_id=None).order_by("id") if row.id not in gone]
    answers = {Topic(row.rule, row.topic): shown for row, shown in zip(standing, _answers(standing, language), strict=True)}
    return {"items": [_topic(one, answers.get(one.topic), language) for one in answerable()]}


@router.get("/policy/topics/answers", response=Page[TopicAnswerOut])
@needs(Role.VIEWER)
def list_topic_answers(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Everything that was answered and taken back, newest first; it stays as it was said."""
    language = reader_language(request)
    return page(TopicAnswer.objects.of(request.caller.workspace_id), paging, shown=lambda rows: _answers(rows, language))


@router.post("/policy/topics/answers", response={201: TopicAnswerOut})
@needs(Role.ADMIN)
def answer_for_topic(request: Request, payload: TopicAnswerIn) -> Status[Any]:
    """Put your name to it that advertising may speak of a topic. Whatever waits is decided again."""
    caller, language = request.caller, reader_language(request)
    if caller.user_id is None or not payload.reason.strip():
        raise InvalidInput(WHY, fields={"reason": WHY})
    made = answer_for(
        caller.workspace_id, rule=payload.rule, topic=payload.topic, words=payload.words, language=language, reason=payload.reason.strip(),
        by_user_id=caller.user_id, now=datetime.now(UTC),
    )  # fmt: skip
    return Status(201, _answers([made], language)[0])


@router.post("/policy/topics/answers/{answer_id}/undo", response={204: None})
@needs(Role.ADMIN)
def undo_topic_answer(request: Request, answer_id: UUID) -> HttpResponse:
    """Answer for it no longer: advertising that is made from now on may not speak of it. What was made before still leaves."""
    caller = request.caller
    assert caller.user_id is not None, "a program cannot be an admin"
    take_back(caller.workspace_id, answer_id, by_user_id=caller.user_id, now=datetime.now(UTC))
    return HttpResponse(status=204)


def _topic(one: Answerable, answer: dict[str, Any] | None, language: str) -> dict[str, Any]:
    return {
        "rule": one.topic.rule, "jurisdiction": one.pack.jurisdiction, "place": in_language(one.pack.name, language), "topic": one.topic.name,
        "name": in_language(one.name, language), "examples": one.rule.words[one.topic.name][:SHOWN_WORDS], "words": one.words(language),
        "answer": answer,
    }  # fmt: skip


def _answers(rows: Sequence[TopicAnswer], language: str) -> list[dict[str, Any]]:
    people = dict(User.objects.filter(id__in={row.by_user_id for row in rows}).values_list("id", "name"))
    names = ("id", "rule", "version", "topic", "words", "language", "reason", "at", "undoes_id")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "name": in_language(TOPICS.get(row.topic, row.topic), language),
            "by": {"id": row.by_user_id, "name": people[row.by_user_id]} if row.by_user_id in people else None,
        }
        for row in rows
    ]
