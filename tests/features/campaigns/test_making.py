"""Messages made by the thousand are the messages that would have been made one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.factories.talk import make_person, make_place
from tests.features.campaigns.test_pump import make_campaign, started, stop

from textfirst.campaigns.actions import pump
from textfirst.campaigns.actions.making import letter, make
from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.campaigns.actions.writing_down import write_page
from textfirst.campaigns.models import Recipient
from textfirst.campaigns.queries import FIRST_ID
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import id_time, new_id
from textfirst.core.purposes import PURPOSE_RULES, Delivery, Lane, Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.queries import facts_for
from textfirst.decisions.record import Records
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked
from textfirst.messages.models import Message, Outbox
from textfirst.messages.queries import people
from textfirst.messages.rules.accepting import MESSAGE_COLUMNS, OUTBOX_COLUMNS, accept_params
from textfirst.messages.rules.composing import compose
from textfirst.messages.rules.copying import Sender
from textfirst.messages.rules.sending import outgoing
from textfirst.messages.rules.templates import Around
from textfirst.messages.types import Flag

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
AROUND = Around("Blue Door Bakery")
TEXTS = [
    "Plain, the same for all",
    "Hi {{ contact.first_name }}, your table is ready",
    'Hi {{ contact.first_name | default: "there" }} {{contact.last_name}}!',
    "{{ contact.name }} {{ contact.phone }} {{ contact.language }} {{ contact.birthday }}",
    "{{ contact.city }} / {{ contact.attributes.city }} / {{ contact.name.more }}",
    "{{ workspace.name }} {{ agent.name }} {{ workspace.nothing }} says hi",
    "{{ contact.name }}",
    "{% if contact.language == 'el' %}Γεια {{ contact.first_name }}{% else %}Hi {{ contact.first_name | upcase }}, {{ contact.city }}{% endif %} {{ contact.birthday }}",
]


def sender_of(row) -> Sender:
    rule = PURPOSE_RULES[Purpose.PROMOTION]
    return Sender(
        row.workspace_id, row.channel_id, row.id, Purpose.PROMOTION, Flag(0), Lane(rule.lane), Delivery(rule.delivery), NOON + rule.validity
    )


def crowd(place):
    """People with everything that may stand in a record."""
    made = [
        make_person(place, "Anna", last_name="Papadopoulou", language="el", birthday=date(1990, 1, 2), attributes={"city": "Αθήνα"}),
        make_person(place),
        make_person(place, "  \u00a0Ben\u2003", last_name="\t"),
        make_person(place, "{{ contact.phone }}", attributes={"city": '50% \\N "x"\t\n'}),
        make_person(place, "मीरा 🎂", last_name="ß€[]", attributes={"city": ""}),
        make_person(place, "x" * 1700),
        make_person(place, "Stopped"),
        make_person(place, "Blocked"),
        make_person(place, "Versioned"),
    ]
    stop(place, made[6])
    Contact.objects.filter(id=made[7].id).update(blocked=True)
    ContactIdentity.objects.filter(id=made[8].identity.id).update(version=2**40)
    return made


def one_by_one(row, text: str, one: Recipient):
    """The message as every other way of sending makes it, under the recipient's id."""
    facts = facts_for(row.workspace_id, [one.identity_id])[one.identity_id]
    not_after = NOON + PURPOSE_RULES[Purpose.PROMOTION].validity
    decision = decide(facts, Asked(Purpose.PROMOTION, NOON, not_after=not_after))
    return outgoing(
        one.id, facts=facts, decision=decision, decision_id=Records(row.workspace_id, NOON).of(decision),
        composed=compose(text, people(row.workspace_id, [one.contact_id])[one.contact_id].at(facts.address), AROUND), channel_id=row.channel_id,
        purpose=Purpose.PROMOTION, not_before=NOON, not_after=not_after, campaign_id=row.id,
    )  # fmt: skip


def stored(one: UUID) -> tuple[list, list]:
    return list(Message.objects.filter(id=one).values_list(*MESSAGE_COLUMNS)), list(
        Outbox.objects.filter(id=one).values_list(*OUTBOX_COLUMNS)
    )


@pytest.mark.parametrize("text", TEXTS)
def test_a_batch_writes_what_one_message_would(text):
    place = make_place()
    crowd(place)
    row = started(place, text)
    while Recipient.objects.count() < 9:
        take_step(Run(place.id, row.id), NOON)
    batch = make(sender_of(row), letter(text, AROUND), after=FIRST_ID, limit=100, now=NOON)
    assert batch is not None
    assert (batch.messages, batch.last) == (9, Recipient.objects.order_by("-id").first().id)
    seen = 0
    for one in Recipient.objects.all():
        together = stored(one.id)
        try:
            alone = one_by_one(row, text, one)
        except InvalidInput as problem:
            code = {"text_too_long": "too_long", "empty": "empty"}[problem.code]
            message = Message.objects.get(id=one.id)
            assert (message.status, message.body) == (70, "")
            assert message.reason in {code, "stopped", "blocked"}
            continue
        Message.objects.filter(id=one.id).delete()
        Outbox.objects.filter(id=one.id).delete()
        with connection.cursor() as cursor:
            cursor.execute(load("textfirst.messages").accept, accept_params(place.id, [alone]))
        Outbox.objects.filter(id=one.id).update(
            not_before=alone.not_before, not_after=alone.not_after
        )  # which acceptance has by its own clock
        assert together == stored(one.id)
        seen += 1
    assert seen >= 7


def test_a_text_that_no_longer_can_be_read_fails_for_each():
    place = make_place()
    make_person(place, "Anna")
    row = make_campaign(place, "{{ contact.first_name", channel=place.channel, state="preparing")
    for _ in range(3):
        take_step(Run(place.id, row.id), NOON)
    assert list(Message.objects.values_list("status", "reason", "body")) == [(70, "text_failed", "")]


def test_ids_rise_with_the_contacts_from_page_to_page(monkeypatch):
    monkeypatch.setattr(pump, "PAGE", 7)
    place = make_place()
    for _ in range(40):
        make_person(place)
    row = started(place)
    before = new_id()
    while write_page(row, 7).contacts:
        row.audience_cursor = Recipient.objects.order_by("-contact_id").first().contact_id
    ids = list(Recipient.objects.order_by("contact_id").values_list("id", flat=True))
    assert len(ids) == 40
    together = [before, *ids, new_id()]
    assert together == sorted(together)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {before.variant}
    assert timedelta(0) <= id_time(ids[-1]) - id_time(ids[0]) < timedelta(seconds=30)
