"""Joining by oneself on a page, confirmed once by link; whoever stopped is asked nothing and nobody learns of it (C3, P1, P2). By a word: tests/engine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from textfirst.consent.actions.stops import stop
from textfirst.consent.models import ConsentEntry, ConsentRequest, ConsentStanding, ConsentText
from textfirst.consent.types import Kind, Source, Word
from textfirst.contacts.actions.identities import find_or_make
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.conversations.tasks import ask
from textfirst.core.addresses import Address
from textfirst.core.purposes import Purpose
from textfirst.database.scope import as_owner, workspace_scope
from textfirst.messages.models import Message
from textfirst.messages.types import Status

PHONE = "+306912345678"
TEXTS = {
    "en": {"about": "offers, at most 4 texts a month", "words": "Yes, text me offers of Blue Door."},
    "ar": {"about": "العروض", "words": "نعم، أرسلوا لي العروض."},
}


@pytest.fixture
def form(api, provisioned) -> dict[str, Any]:
    answer = api("admin").post(
        "/consent/forms", {"name": "Offers", "texts": TEXTS, "keyword": "Join!", "privacy_url": "https://example.com/privacy"}
    )
    assert answer.status_code == 201, answer.json()
    return answer.json() | {"path": "/join/" + answer.json()["url"].rpartition("/")[2], "workspace": provisioned.id}


@pytest.fixture
def asked(monkeypatch) -> list[dict[str, Any]]:
    """What the page hands to the job."""
    from textfirst.api import join_pages

    kept: list[dict[str, Any]] = []

    class Task:
        def defer(self, **arguments: Any) -> None:
            kept.append(arguments)

    monkeypatch.setattr(join_pages.jobs, "configure_task", lambda *_, **__: Task())
    return kept


def texts_to(workspace: UUID, phone: str = PHONE) -> list[str]:
    with workspace_scope(workspace):
        return list(Message.objects.filter(address=phone, direction=2).order_by("id").values_list("body", flat=True))


def standing(workspace: UUID) -> ConsentStanding | None:
    with workspace_scope(workspace):
        return ConsentStanding.objects.exclude(promotion_kind=None).first()


def fill_in(form: dict[str, Any], asked: list[dict[str, Any]], phone: str = PHONE, **more: str) -> Any:
    answer = Client().post(form["path"], {"phone": phone, "agree": "yes", **more}, headers={"User-Agent": "Firefox"})
    while asked:
        ask(**asked.pop())
    return answer


def link(workspace: UUID) -> str:
    return re.search(r"/join/c/[\w-]+", texts_to(workspace)[0])[0]


def test_p2_the_page_has_an_unchecked_box_and_the_exact_words(form):
    page = Client().get(form["path"], headers={"Accept-Language": "en"}).content.decode()
    box = re.search(r"<input type=\"checkbox\"[^>]*>", page)[0]
    assert "checked" not in box
    assert TEXTS["en"]["words"] in page
    assert '<html lang="en" dir="ltr">' in page
    assert "not a condition of any purchase" in page
    assert "https://example.com/privacy" in page
    arabic = Client().get(form["path"] + "?lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in arabic
    assert TEXTS["ar"]["words"] in arabic
    assert "رقم الجوال" in arabic


def test_c3_the_button_behind_the_link_confirms_once_and_looking_at_it_does_not(form, asked):
    answer = fill_in(form, asked)
    assert answer.status_code == 200
    [question] = texts_to(form["workspace"])
    assert all(part in question for part in ("Blue Door", "offers, at most 4 texts a month", "rates may apply", "HELP", "STOP")), "P1"
    path = link(form["workspace"])
    assert len(path.rpartition("/")[2]) == 22, "128 bits"
    assert Client().get(path).status_code == 200
    assert standing(form["workspace"]) is None
    assert Client().post(path, headers={"User-Agent": "Safari"}).status_code == 200
    assert standing(form["workspace"]).promotion_kind == Kind.DOUBLE_OPT_IN
    assert Client().post(path).status_code == 404
    with workspace_scope(form["workspace"]):
        entry = ConsentEntry.objects.get()
        assert (entry.kind, entry.source, ConsentText.objects.get().words) == ("double_opt_in", "form", TEXTS["en"]["words"])


def test_c3_the_button_brings_one_welcome_that_says_who_what_and_how_to_leave(form, asked):
    fill_in(form, asked)
    path = link(form["workspace"])
    Client().get(path)
    assert len(texts_to(form["workspace"])) == 1
    for _ in range(2):
        Client().post(path)
    [_, welcome] = texts_to(form["workspace"])
    assert all(part in welcome for part in ("Blue Door", "offers, at most 4 texts a month", "rates may apply", "HELP", "STOP")), (
        "CTIA 5.1.2"
    )
    with workspace_scope(form["workspace"]):
        sent = Message.objects.filter(direction=2).latest("id")
        assert (sent.purpose, sent.status, sent.decision_id is not None) == (Purpose.NOTICE, Status.QUEUED, True)


def test_c3_the_welcome_speaks_the_language_of_the_page_and_goes_to_the_number_that_joined(form, asked):
    with workspace_scope(form["workspace"]):
        other, joined = Address("tel", "+306900000001"), Address("tel", PHONE)
        people = find_or_make(form["workspace"], [other, joined])
        ContactIdentity.objects.filter(id=people[joined].identity_id).update(contact=people[other].contact_id)
    answer = Client().post(form["path"] + "?lang=ar", {"phone": PHONE, "agree": "yes"})
    assert answer.status_code == 200
    while asked:
        ask(**asked.pop())
    Client().post(link(form["workspace"]))
    assert "تم تسجيلك" in texts_to(form["workspace"])[-1]
    assert texts_to(form["workspace"], "+306900000001") == []


def test_who_is_blocked_is_welcomed_by_nobody_and_their_yes_stands(form, asked):
    fill_in(form, asked)
    with workspace_scope(form["workspace"]):
        Contact.objects.update(blocked=True)
    assert Client().post(link(form["workspace"])).status_code == 200
    assert len(texts_to(form["workspace"])) == 1
    assert standing(form["workspace"]).promotion_kind == Kind.DOUBLE_OPT_IN


NIGHTS = "Also at night, when a sale begins."


@pytest.mark.parametrize("box", ["yes", ""])
def test_x1_a_second_unchecked_box_asks_for_any_hour_with_words_of_its_own(api, form, asked, box):
    texts = {"en": {**TEXTS["en"], "any_hour": NIGHTS}, "ar": TEXTS["ar"]}
    assert api("admin").patch(f"/consent/forms/{form['id']}", {"texts": texts}).status_code == 200
    page = Client().get(form["path"]).content.decode()
    assert NIGHTS in page
    assert re.findall(r"<input type=\"checkbox\" name=\"(\w+)\" value=\"yes\">", page) == ["agree", "any_hour"]
    assert "any_hour" not in Client().get(form["path"] + "?lang=ar").content.decode(), "a language without words for it does not ask"
    fill_in(form, asked, any_hour=box)
    path = link(form["workspace"])
    assert (NIGHTS in Client().get(path).content.decode()) is bool(box)
    Client().post(path)
    row = standing(form["workspace"])
    with workspace_scope(form["workspace"]):
        entries = {entry.id: entry for entry in ConsentEntry.objects.all()}
        shown = {bytes(text.text_hash): text.words for text in ConsentText.objects.all()}
        assert (row.promotion_kind, row.any_hour_entry is not None) == (Kind.DOUBLE_OPT_IN, bool(box))
        said = {(entry.scope, shown[bytes(entry.text_hash)]) for entry in entries.values()}
    assert said == {("marketing", TEXTS["en"]["words"]), *([("any_hour", NIGHTS)] if box else [])}


def test_c3_one_question_only_and_it_ends_after_48_hours(form, asked):
    for _ in range(3):
        fill_in(form, asked)
    assert len(texts_to(form["workspace"])) == 1
    path = link(form["workspace"])
    with as_owner():
        ConsentRequest.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert Client().post(path).status_code == 404
    assert standing(form["workspace"]) is None


def test_c3_whoever_stopped_gets_no_question_and_the_answer_does_not_tell(form, asked):
    free = fill_in(form, asked, "+306900000001").content
    with workspace_scope(form["workspace"]):
        address = Address("tel", PHONE)
        identity = find_or_make(form["workspace"], [address])[address].identity_id
        stop(form["workspace"], [Word(identity)], source=Source.KEYWORD, now=datetime.now(UTC))
    assert fill_in(form, asked).content == free
    assert texts_to(form["workspace"]) == []


def test_c3_a_stop_between_question_and_answer_wins(form, asked):
    fill_in(form, asked)
    path = link(form["workspace"])
    with workspace_scope(form["workspace"]):
        address = Address("tel", PHONE)
        stop(
            form["workspace"],
            [Word(find_or_make(form["workspace"], [address])[address].identity_id)],
            source=Source.KEYWORD,
            now=datetime.now(UTC),
        )
    assert Client().post(path).status_code == 404
    assert standing(form["workspace"]) is None


@pytest.mark.parametrize("more", [{"agree": ""}, {"phone": "12"}, {"phone": "anna@example.com"}])
def test_what_is_refused_says_so_and_asks_nobody(form, asked, more):
    answer = Client().post(form["path"], {"phone": PHONE, "agree": "yes", **more})
    assert (answer.status_code, b'role="alert"' in answer.content, asked) == (422, True, [])


def test_the_page_wants_its_token_and_has_a_limit(form, asked):
    assert Client(enforce_csrf_checks=True).post(form["path"], {"phone": PHONE, "agree": "yes"}).status_code == 403
    answers = [Client().post(form["path"], {"phone": PHONE, "agree": "yes"}).status_code for _ in range(22)]
    assert (answers[0], answers[-1]) == (200, 422)


def test_there_is_nothing_elsewhere(form, api, provisioned):
    assert Client().get("/join/nothing").status_code == 404
    assert Client().post("/join/c/nothing").status_code == 404
    path = f"/consent/forms/{form['id']}"
    assert api("admin").patch(path, {"enabled": False}).json()["enabled"] is False
    assert Client().get(form["path"]).status_code == 404
    for word in ("stop", "YES", "help"):
        assert api("admin").patch(path, {"keyword": word}).json()["fields"].keys() == {"keyword"}
    assert api("agent").patch(path, {"name": "x"}).status_code == 403
