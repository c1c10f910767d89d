"""What the rules of a place find in a text before it is sent."""

from __future__ import annotations

import pytest
from tests.api.test_campaigns import draft
from tests.factories import make_channel, make_contact

from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.messages.models import Message

FIRST = "Blue Door Dental: 10% off. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to end."
AMERICAN, VIETNAMESE, SAUDI, GREEK = "+13055550101", "+84903000001", "+966503000001", "+306941234567"


def found(caller, to: str | None, text: str, **more) -> dict[str, dict]:
    answer = caller.post("/messages/preview", {"to": to, "text": text, "purpose": "promotion", **more})
    assert answer.status_code == 200, answer.json()
    return {one["rule"]: one for one in answer.json()["findings"]}


def preview(caller, text: str, **more) -> dict[str, dict]:
    answer = caller.post("/campaigns/preview", {"text": text, "audience": {"everyone": True}, "purpose": "promotion", **more})
    assert answer.status_code == 200, answer.json()
    return {one["rule"]: one for one in answer.json()["findings"]}


def start(caller, text: str, **more):
    return caller.post(f"/campaigns/{draft(caller, text=text, **{'purpose': 'promotion', **more})['id']}/start", {})


def advertised(workspace, contact) -> None:
    """They have had advertising from us before."""
    with workspace_scope(workspace.id):
        Message.objects.create(
            workspace_id=workspace.id, contact_id=contact.id, identity_id=new_id(), channel_id=new_id(), direction=2, purpose=1, status=80,
            address=AMERICAN, body="Hello",
        )  # fmt: skip


def test_p1_the_first_advertising_text_to_americans_says_what_it_has_to(api, provisioned):
    admin = api("admin")
    anna = make_contact(provisioned, AMERICAN)
    missing = preview(admin, "10% off today")["US.first-message"]
    assert (missing["effect"], missing["about"]) == ("block", ["brand", "frequency", "rates", "help", "stop"])
    assert missing["fix"]["text"].startswith("Blue Door Dental: 10% off today")
    assert "US.first-message" not in preview(admin, missing["fix"]["text"])
    assert preview(admin, FIRST.replace("Blue Door Dental", "{{ workspace.name }}")) == {}
    refused = start(admin, "10% off today")
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (422, "content_refused", ["text"])
    advertised(provisioned, anna)
    assert preview(admin, "10% off today") == {}
    assert start(admin, "10% off today").json()["state"] == "preparing"
    newcomer = make_contact(provisioned, "+13055550102")
    assert list(preview(admin, "10% off today")) == ["US.first-message"]
    assert list(found(admin, None, "10% off", contact_id=str(newcomer.id))) == ["US.first-message"]
    assert found(admin, None, "10% off", contact_id=str(anna.id)) == {}


@pytest.mark.parametrize(
    ("text", "about", "fixed"),
    [
        ("Sale: bit.ly/x", ["bit.ly"], None),
        ("Sale: http://example.com/x", ["example.com"], "Sale: https://example.com/x"),
    ],
)
def test_p4_links_of_public_shorteners_and_bare_links(api, provisioned, text, about, fixed):
    link = found(api("agent"), AMERICAN, text)["US.links"]
    assert (link["effect"], link["about"], link["fix"] and link["fix"]["text"]) == ("block", about, fixed)
    assert found(api("agent"), AMERICAN, "Sale: https://example.com/x") == {}


def test_p5_topics_are_to_be_attested_and_stop_nothing(api, provisioned):
    admin = api("admin")
    advertised(provisioned, make_contact(provisioned, AMERICAN))
    topic = preview(admin, "Free wine tonight")["US.topics"]
    assert (topic["effect"], topic["about"], topic["fix"]) == ("attest", ["alcohol"], None)
    assert start(admin, "Free wine tonight").json()["state"] == "preparing"


def test_vietnams_label_and_its_last_words(api, provisioned):
    admin = api("admin")
    make_contact(provisioned, VIETNAMESE)
    label = preview(admin, "Giam 10%. Tu choi: soan TC")["VN.label"]
    assert (label["effect"], label["about"], label["fix"]["text"]) == ("block", ["[QC]", "[AD]"], "[QC] Giam 10%. Tu choi: soan TC")
    assert list(preview(admin, "[QC] Giam 10%")) == ["VN.opt-out-last"]
    assert start(admin, "Giam 10%").json()["code"] == "content_refused"
    assert start(admin, "[QC] Giam 10%. Tu choi: soan TC").json()["state"] == "preparing"
    assert start(admin, "Giam 10%", purpose="notice").json()["state"] == "preparing"  # no advertising


def test_saudi_senders_end_with_ad(api, provisioned):
    admin = api("admin")
    make_contact(provisioned, SAUDI)
    named = make_channel(provisioned, kind="smpp", name="Carrier", address="BlueDoor")
    suffix = preview(admin, "10% off", channel_id=str(named.id))["SA.sender-suffix"]
    assert (suffix["effect"], suffix["fix"]["sender"]) == ("block", "BlueDoor-AD")
    assert preview(admin, "10% off") == {}  # nobody knows the sender yet
    assert start(admin, "10% off", channel_id=str(named.id)).json()["code"] == "content_refused"


def test_an_address_counts_as_much_as_a_number(api, provisioned):
    agent = api("agent")
    moved = make_contact(provisioned, GREEK, country="VN")
    assert "VN.label" in found(agent, None, "10% off", contact_id=str(moved.id))
    assert "VN.label" in preview(agent, "10% off")
    assert found(agent, GREEK, "10% off") == {}
    assert found(agent, VIETNAMESE, "10% off", purpose="support") == {}
    assert agent.post("/messages/preview", {"text": "x"}).json()["findings"] == []


def test_who_is_nowhere_near_is_not_asked_about(api, provisioned):
    """Only the workspaces that have somebody where a text is forbidden pay for finding out whether they are in the audience."""
    admin = api("admin")
    make_contact(provisioned, GREEK)
    make_contact(provisioned, "+85291234567")
    assert start(admin, "Giam 10%").json()["state"] == "preparing"
    make_contact(provisioned, "+306941234568", country="VN")
    assert start(admin, "Giam 10%").json()["code"] == "content_refused"


@pytest.mark.parametrize("number", [AMERICAN, VIETNAMESE, SAUDI, "+971501234567"])
def test_a_number_is_enough_to_be_there(api, provisioned, number):
    admin = api("admin")
    named = make_channel(provisioned, kind="smpp", name="Carrier", address="BlueDoor")
    make_contact(provisioned, number)
    assert start(admin, "Sale: bit.ly/x", channel_id=str(named.id)).json()["code"] == "content_refused"


def test_findings_speak_the_readers_language(api, provisioned):
    assert "فيتنام" in found(api("agent", language="ar"), VIETNAMESE, "10% off")["VN.label"]["message"]
