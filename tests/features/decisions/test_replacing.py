"""What waits for room: one after the other, or a newer promotion in place of an older one, where the workspace says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.talk import Place, make_person, make_place
from tests.features.campaigns.test_pump import NOON, started, steps

from textfirst.accounts.types import Caller
from textfirst.campaigns.actions.dry_run import dry_run
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import campaign, progress_of
from textfirst.contacts.types import Audience
from textfirst.conversations.actions import send
from textfirst.core.purposes import Purpose
from textfirst.decisions.actions import change_policy
from textfirst.decisions.models import DecisionRecord, MessageDecision
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.record import decode
from textfirst.decisions.types import Code
from textfirst.decisions.why import explain
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import SendRequest, Status

pytestmark = pytest.mark.django_db

WAITS, GONE = (Status.DEFERRED, "capped"), (Status.SUPPRESSED, "replaced")


@pytest.fixture
def place() -> Place:
    return make_place()


def offered(place: Place, text: str) -> Campaign:
    row = started(place, text)
    steps(place, row)
    return row


def standing(place: Place) -> dict[str, tuple[int, str | None]]:
    return {text: (status, reason) for text, status, reason in Message.objects.order_by("id").values_list("body", "status", "reason")}


def reasons(place: Place, message: Message, decision_id) -> list[str]:
    told = explain(decode(DecisionRecord.objects.get(id=decision_id).body), NOON, shelf(), "en")
    return [one["message"] for one in told["reasons"]]


def test_unasked_they_go_one_after_the_other(place):
    make_person(place, "Anna")
    for text in ("first", "second", "third"):
        offered(place, text)
    assert standing(place) == {"first": (Status.QUEUED, None), "second": WAITS, "third": WAITS}
    second, third = Outbox.objects.exclude(body="first").order_by("id")
    assert third.not_before == second.not_before + timedelta(days=1)


def test_where_the_workspace_says_so_a_newer_promotion_takes_the_place_of_one_that_waits(place):
    change_policy(workspace_id=place.id, changes={"capped": "newest"})
    make_person(place, "Anna")
    offered(place, "first")
    older = offered(place, "second")
    foreseen = Outbox.objects.get(body="second").not_before
    told = dry_run(workspace_id=place.id, audience=Audience(everyone=True), purpose=Purpose.PROMOTION, text="third", now=NOON)
    assert [start.at for start in told.later] == [foreseen]
    offered(place, "third")
    assert standing(place) == {"first": (Status.QUEUED, None), "second": GONE, "third": WAITS}
    assert list(Outbox.objects.order_by("id").values_list("body", "not_before"))[1] == ("third", foreseen), "its place, not one behind it"

    gone, newer = Message.objects.get(body="second"), Message.objects.get(body="third")
    later = MessageDecision.objects.get()
    assert (later.message_id, later.consent_entry_id) == (gone.id, gone.consent_entry_id)
    assert reasons(place, gone, later.decision_id) == [
        "A newer promotion took its place while it waited for room. The newer one was made at 2026-11-23 12:00 (UTC)."
    ]
    assert "It takes the place of earlier promotions that waited for room: 1." in reasons(place, newer, newer.decision_id)
    found = progress_of(place.id, [campaign(place.id, older.id)])[older.id]
    assert ({word: many for word, many in found.shown.items() if many}, found.reasons) == ({"not_sent": 1}, {"replaced": 1})


def test_of_people_whose_newer_text_cannot_be_made_the_older_one_stays(place):
    change_policy(workspace_id=place.id, changes={"capped": "newest"})
    make_person(place, "Anna")
    for text in ("first", "second"):
        offered(place, text)
    offered(place, "{% if contact.first_name == '' %}third{% endif %}")
    assert standing(place)["second"] == WAITS


def test_only_promotions_that_wait_for_room_give_way(place):
    """Not what waits for its hour, not to somebody else, and a greeting takes nobody's place."""
    change_policy(workspace_id=place.id, changes={"capped": "newest"})
    anna = make_person(place, "Anna")
    offered(place, "first")
    offered(place, "second")
    started(place, "night")
    ben = make_person(place, "Ben")
    Message.objects.filter(body="second").update(reason="quiet_hours")
    offered(place, "third")
    assert {(one.contact_id, one.body): (one.status, one.reason) for one in Message.objects.exclude(body="first")} == {
        (anna.id, "second"): (Status.DEFERRED, "quiet_hours"),
        (anna.id, "third"): WAITS,
        (ben.id, "third"): (Status.QUEUED, None),
    }
    row = started(place, "greeting", purpose=Purpose.GREETING)
    steps(place, row)
    assert standing(place)["third"][0] != Status.SUPPRESSED
    assert not MessageDecision.objects.exists()


def test_a_promotion_sent_alone_takes_the_place_too_and_one_planned_for_later_does_not(place):
    change_policy(workspace_id=place.id, changes={"capped": "newest"})
    anna = make_person(place, "Anna")
    offered(place, "first")
    offered(place, "second")
    for text, more in (("planned", {"send_at": NOON + timedelta(days=2)}), ("third", {})):
        send(caller=Caller(place.id), request=SendRequest(contact_id=anna.id, text=text, purpose="promotion", **more), now=NOON)
        assert (standing(place)["second"] == GONE) is (text == "third")
    assert Code.REPLACES in [
        one.code for one in decode(DecisionRecord.objects.get(id=Message.objects.get(body="third").decision_id).body).reasons
    ]
