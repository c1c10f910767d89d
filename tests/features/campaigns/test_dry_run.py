"""A dry run says what then happens: by the same facts at the same moment, for every sort of person there is."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.talk import Place, address_hash, make_person, make_place
from tests.features.campaigns.test_pump import make_campaign, stop

from textfirst.campaigns.actions import dry_run as module
from textfirst.campaigns.actions import steering
from textfirst.campaigns.actions.dry_run import DryRun, dry_run
from textfirst.campaigns.actions.making import _PERSON, letter
from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.consent.models import ConsentStanding, Suppression
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.contacts.types import Audience
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.messages.models import Message, Outbox
from textfirst.messages.rules.templates import Around
from textfirst.messages.types import Status

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)  # a Sunday: night in Europe, evening in America, morning in Vietnam

NUMBERS = ("+30694", "+13055", "+12125", "+84903", "+96650", "+44770", "+88213", "+4860", "+1800")
PLACES = (("", ""), ("", ""), ("GR", ""), ("US", "FL"), ("US", ""), ("VN", ""), ("BR", ""))
ZONES = ("", "", "Europe/Athens", "America/New_York", "America/Los_Angeles", "Asia/Ho_Chi_Minh")
KINDS = (None, 1, 3, 6, 7, 8, 8, 8, 8)
NAMES = ("Anna", "", "Ελένη", "x" * 1700)


def crowd(place: Place, count: int) -> None:
    """People of many sorts; the lengths of the lists share no factor, so every pair of traits meets."""
    mixed = zip(
        range(count), itertools.cycle(NUMBERS), itertools.cycle(PLACES), itertools.cycle(ZONES), itertools.cycle(KINDS * 3 + (8, 6)), itertools.cycle(NAMES * 9 + ("Ben",)),
        strict=False,
    )  # fmt: skip
    contacts, identities, standings, stops = [], [], [], []
    for number, prefix, (country, region), zone, kind, name in mixed:
        contact = Contact(
            workspace_id=place.id, first_name=name, country=country, region=region, time_zone=zone, blocked=number % 41 == 0, prefers=0,
            own_cap=1 if number % 23 == 0 else None, birthday=date(1960 + number % 50, 1, 1) if number % 3 else None,
        )  # fmt: skip
        contacts.append(contact)
        if number % 97 == 0:
            continue  # no number
        phone = f"{prefix}{number:07}"
        identities.append(ContactIdentity(workspace_id=place.id, contact=contact, address=phone, address_hash=address_hash(phone)))
        if number % 37 == 0:
            stops.append(
                Suppression(workspace_id=place.id, address_hash=address_hash(phone), source="keyword", entry_id=new_id(), stopped_at=NOW)
            )
        else:
            standings.append(
                ConsentStanding(
                    workspace_id=place.id,
                    address_hash=address_hash(phone),
                    promotion_kind=kind,
                    held=number % 53 == 0,
                    promotion_until=NOW - timedelta(days=1) if number % 29 == 0 else None,
                    dnc_listed=(None, True, False)[number % 3],
                    reassigned_on=date(2026, 1, 1) if number % 61 == 0 else None,
                )
            )
    for model, rows in ((Contact, contacts), (ContactIdentity, identities), (Suppression, stops), (ConsentStanding, standings)):
        model.objects.bulk_create(rows, batch_size=1000)


def sent_lately(place: Place, every: int) -> None:
    """Some have had advertising today."""
    rows = ContactIdentity.objects.order_by("id").values_list("id", "contact_id", "address")[::every]
    Message.objects.bulk_create(
        Message(
            id=earlier(hours=2 + number % 200, number=number),
            workspace_id=place.id,
            contact_id=contact_id,
            identity_id=identity_id,
            channel_id=place.channel.id,
            direction=2,
            purpose=Purpose.PROMOTION,
            status=Status.DELIVERED,
            address=address,
            body="x",
        )
        for number, (identity_id, contact_id, address) in enumerate(rows)
    )


def earlier(*, hours: int, number: int):
    from uuid import UUID

    milliseconds = int((NOW - timedelta(hours=hours)).timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | number)


def happened(row) -> tuple[Counter, Counter, Counter]:
    """What became of the messages of a campaign: how many go at once, when the others begin and why, why not."""
    waits = dict(Outbox.objects.filter(campaign_id=row.id).values_list("id", "not_before"))
    now, later, refused = Counter(), Counter(), Counter()
    for id_, status, reason in Message.objects.filter(campaign_id=row.id).values_list("id", "status", "reason"):
        match Status(status):
            case Status.QUEUED:
                now["now"] += 1
            case Status.DEFERRED:
                later[waits[id_], reason] += 1
            case Status.SUPPRESSED:
                refused[reason] += 1
    return now, later, refused


def really(place: Place, row) -> tuple[Counter, Counter, Counter]:
    steering.start(workspace_id=place.id, campaign_id=row.id, now=NOW)
    run = Run(place.id, row.id)
    for _ in range(100):
        if take_step(run, NOW).wait != 0:
            break
    return happened(row)


def told(found: DryRun) -> tuple[Counter, Counter, Counter]:
    later = Counter()
    for start, many in found.later.items():
        later[start.at, start.reason] += many
    refused = Counter({reason: many for reason, many in found.refused.items() if reason != "no_number"})
    return Counter(now=found.now), later, refused


@pytest.mark.parametrize(("purpose", "people"), [(Purpose.PROMOTION, 3000), (Purpose.REMINDER, 1500)])
def test_people_of_every_sort_get_what_the_dry_run_said(purpose, people):
    place = make_place()
    crowd(place, people)
    sent_lately(place, every=7)
    row = make_campaign(place, FIRST, purpose=purpose)
    found = dry_run(workspace_id=place.id, audience=Audience(everyone=True), purpose=purpose, text=row.text, now=NOW)
    assert (found.total, found.refused["no_number"]) == (people, len(range(0, people, 97)))
    assert told(found) == really(place, row)
    assert {"stopped", "blocked", "too_long"} <= found.refused.keys()
    assert found.now
    assert found.later


FIRST = (
    "[AD] Blue Door Bakery: {{ contact.first_name }} Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to end."
)


def test_texts_that_cannot_be_made_are_counted():
    place = make_place()
    for name in ("Anna", "", "x" * 1700):
        make_person(place, name)
    stopped = make_person(place, "")
    stop(place, stopped)
    found = dry_run(
        workspace_id=place.id, audience=Audience(everyone=True), purpose=Purpose.NOTICE, text="{{ contact.first_name }}", now=NOW
    )
    assert (found.total, found.now, found.refused) == (4, 1, {"empty": 1, "too_long": 1, "stopped": 1})


def test_nobody_is_in_an_empty_audience():
    place = make_place()
    make_person(place, "Anna")
    found = dry_run(workspace_id=place.id, audience=Audience(), purpose=Purpose.NOTICE, text="Hi", now=NOW)
    assert (found.total, found.now, found.later, found.refused) == (0, 0, {}, {})


def test_nothing_is_written():
    place = make_place()
    make_person(place, "Anna")
    dry_run(workspace_id=place.id, audience=Audience(everyone=True), purpose=Purpose.NOTICE, text="Hi", now=NOW)
    assert not Message.objects.exists()
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_halves_at_once_say_what_one_question_says(monkeypatch):
    place = make_place()
    crowd(place, 300)
    asked = {
        "workspace_id": place.id,
        "audience": Audience(everyone=True),
        "purpose": Purpose.PROMOTION,
        "text": "Hi {{ contact.first_name }}",
        "now": NOW,
    }
    whole = dry_run(**asked)
    pages = []
    monkeypatch.setattr(module, "LARGE", 299)
    monkeypatch.setattr(module, "_page", lambda *given, page=module._page: pages.append((given[-2], rows := page(*given))) or rows)
    halves = dry_run(**asked)
    assert halves == whole
    assert sorted(number for number, _ in pages) == [0, 1]
    assert all(sum(row[0] for row in rows) > 100 for _, rows in pages), "each has about half"
    monkeypatch.setattr(module, "LARGE", 300)
    assert dry_run(**asked) == whole
    assert len(pages) == 3, "few people are asked for by one"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("{% if contact.first_name == 'A' %}x{% else %}y{% endif %}", "c.first_name"),
        ("{% if contact.name %}x{% endif %} {{ workspace.name }}", "c.first_name c.last_name"),
        ("{% if contact.language == 'el' %}{{ contact.phone }}{% endif %}", "f.address c.language"),
        ("{% if contact.birthday %}x{% endif %}", "c.birthday"),
        ("{% if contact.city == 'Leeds' %}x{% endif %}", "c.attributes"),
        ("{% if contact.city.name == 'Leeds' %}x{% endif %}", "all"),
        ("{% assign who = contact %}{{ who.first_name }}", "all"),
        ("{% assign key = 'first_name' %}{{ contact[key] }}", "all"),
        ("{% if contact.attributes %}x{% endif %}", "all"),
    ],
)
def test_a_text_of_liquid_reads_only_what_it_names(text, columns):
    wanted = set(_PERSON) if columns == "all" else set(columns.split())
    assert {one for one in letter(text, Around("Blue Door")).columns if one != "null"} == wanted


def test_liquid_says_of_each_what_their_record_has():
    """And people of whom it says the same are rendered once."""
    place = make_place()
    for name, phone in (("Anna", "+302100000001"), ("Anna", "+302100000002"), ("x" * 1700, "+302100000003")):
        make_person(place, name, phone=phone)
    text = "{% if contact.first_name contains 'A' %}Hi{% else %}{{ contact.first_name }}{% endif %}"
    found = dry_run(workspace_id=place.id, audience=Audience(everyone=True), purpose=Purpose.NOTICE, text=text, now=NOW)
    assert (found.total, found.now, found.refused, found.segments) == (3, 2, {"too_long": 1}, 2)
