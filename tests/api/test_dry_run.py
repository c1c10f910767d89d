from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.api.test_campaigns import draft
from tests.api.test_messages import rows, stop
from tests.factories import make_contact

from textfirst.campaigns.models import Recipient
from textfirst.core.ids import new_id
from textfirst.messages.models import Message


def ask(caller, **given):
    return caller.post(
        "/campaigns/dry-run", {"audience": {"everyone": True}, "purpose": "notice", "text": "Hi {{ contact.first_name }}", **given}
    )


def test_a_plan_is_tried_dry(api, provisioned):
    viewer = api("viewer")
    make_contact(provisioned)
    make_contact(provisioned, blocked=True)
    make_contact(provisioned, None)
    for _ in range(2):
        stop(provisioned, make_contact(provisioned))
    answer = ask(viewer)
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert {key: told[key] for key in ("total", "now", "later", "segments", "sentence")} == {
        "total": 5, "now": 1, "later": [], "segments": 1, "sentence": "1 now, 4 not: 2 stopped, 1 blocked, 1 without a number",
    }  # fmt: skip
    assert [(one["code"], one["count"]) for one in told["not"]] == [("stopped", 2), ("blocked", 1), ("no_number", 1)]
    assert told["not"][0]["message"].startswith("They told us to stop")
    assert told["seconds"] < 3
    assert "طلبوا التوقف" in ask(api("viewer", language="ar")).json()["sentence"]
    assert rows(provisioned, Message) == rows(provisioned, Recipient) == []


def test_a_campaign_is_tried_dry_at_its_own_time(api, provisioned):
    admin = api("admin")
    make_contact(provisioned)
    made = draft(admin, purpose="notice")
    path = f"/campaigns/{made['id']}/dry-run"
    assert abs(datetime.fromisoformat(admin.post(path, {}).json()["at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    assert datetime.fromisoformat(admin.post(path, {"at": soon.isoformat()}).json()["at"]) == soon
    admin.post(f"/campaigns/{made['id']}/start", {"at": soon.isoformat()})
    assert datetime.fromisoformat(admin.post(path, {}).json()["at"]) == soon


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "{{"}, "template_invalid"),
        ({"purpose": "spam"}, "purpose_unknown"),
        ({"at": "2026-12-01T10:00:00"}, "invalid"),
        ({"at": "2126-12-01T10:00:00Z"}, "invalid"),
        ({"channel_id": str(new_id())}, "not_found"),
    ],
)
def test_what_cannot_be_tried(api, provisioned, given, code):
    assert ask(api("admin"), **given).json()["code"] == code


def test_x1_a_campaign_about_an_event_keeps_it_and_is_tried_with_it(api, provisioned):
    """Nobody is moved where everybody may be reached; an event that is over is said at once."""
    admin = api("admin")
    anchor = {"anchor": "2026-12-31T22:00:30Z"}
    made = admin.post("/campaigns", {"name": "Sale", "audience": {"everyone": True}, "text": "Hi", "purpose": "notice", **anchor}).json()
    assert made["anchor"] == "2026-12-31T22:00:00Z"
    tried = admin.post(f"/campaigns/{made['id']}/dry-run", {"at": "2026-12-31T21:00:00Z"}).json()
    assert (tried["at"], tried["later"], tried["now"]) == ("2026-12-31T21:00:00Z", [], ask(admin, purpose="notice").json()["now"])
    assert admin.post(f"/campaigns/{made['id']}/dry-run", {"at": "2026-12-31T22:00:00Z"}).json()["code"] == "event_over"
    assert ask(admin, anchor="2020-01-01T00:00:00Z").json()["fields"].keys() == {"anchor"}
    assert admin.patch(f"/campaigns/{made['id']}", {"anchor": None}).json()["anchor"] is None
    assert admin.patch(f"/campaigns/{made['id']}", {"anchor": "2026-12-31T22:00:00"}).json()["fields"].keys() == {"anchor"}
