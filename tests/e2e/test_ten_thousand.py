"""Ten thousand imported contacts are texted over SMPP: every one has an end, the carrier's log says the same, and memory stays small."""

from __future__ import annotations

import threading
import time

import pytest
from tests.e2e.client import Api, Phone
from tests.e2e.conftest import OWNER, WORKSPACE
from tests.e2e.files import contacts_csv
from tests.e2e.frames import witness
from tests.e2e.installation import new_installation, within

from textfirst.phones import oracle

pytestmark = pytest.mark.slow

PEOPLE, STOPPED = 10_000, 25
FIRST = 300_000
MEGABYTE = 1_000_000
MOST_IDLE, MOST_AT_WORK = 350, 500  # megabytes, of all processes with PostgreSQL
FAIL_PERCENT = 2
ANSWERED = {f"447400{FIRST + place}" for place in range(STOPPED // 2)}  # they said STOP themselves, and we said that we understood


@pytest.fixture(scope="module")
def fresh():
    """An installation of its own: memory is judged from the start, not after whatever the journeys did."""
    with new_installation() as made:
        made.up_and_ready()
        yield made


@pytest.fixture(scope="module")
def workspace(fresh):
    """With a simulator whose phones sometimes fail."""
    with Api(fresh.url) as api:
        api.ask("GET", "/_allauth/browser/v1/config")  # the token that guards against forged requests
        api.post("/setup", {**WORKSPACE, **OWNER, "demo": False})
        assert within(10, lambda: api.all("/channels")[0]["health"]["state"] == "bound")
        api.put("/simulator/knobs", {"receipt_delay_min_ms": 50, "receipt_delay_max_ms": 500, "fail_percent": FAIL_PERCENT})
        yield api


def test_ten_thousand_are_texted_and_every_one_has_an_end(fresh, workspace, capsys):
    api, began = workspace, time.monotonic()
    idle = fresh.memory() / MEGABYTE
    with Peak(fresh) as peak:
        imported = api.import_contacts(contacts_csv(PEOPLE, first=FIRST), new_list="Everybody")
        assert (imported["created"], imported["failed"]) == (PEOPLE, 0)
        in_hand = time.monotonic()
        stop_some(api)
        sending = time.monotonic()
        campaign = send(api)
    sent = time.monotonic()
    with capsys.disabled():
        print(  # noqa: T201 - the numbers are what this test is for
            f"\n10,000: imported in {in_hand - began:.1f} s, sent and receipted in {sent - sending:.1f} s "
            f"({(PEOPLE - STOPPED) / (sent - sending):.0f} a second); memory idle {idle:.0f} MB, at most {peak.megabytes:.0f} MB"
        )  # fmt: skip
    agree(api, campaign, fresh)
    assert idle < MOST_IDLE
    assert peak.megabytes < MOST_AT_WORK


def stop_some(api):
    """Half by their own STOP, the rest as somebody at the counter was asked to."""
    for place in range(STOPPED // 2):
        Phone(api, f"+447400{FIRST + place}").types("STOP")
    for place in range(STOPPED // 2, STOPPED):
        found = api.get("/contacts", search=f"7400{FIRST + place}")["items"][0]
        api.post(f"/contacts/{found['id']}/stop", {"note": "At the counter"})
    assert within(10, lambda: len(api.all("/contacts", stopped=True)) == STOPPED)


def send(api):
    """The campaign, once nobody waits for an end any more."""
    everybody = api.all("/lists")[0]["id"]
    audience = {"everyone": False, "lists": [everybody], "segments": [], "contacts": []}
    plan = {
        "name": "Everybody",
        "purpose": "notice",
        "audience": audience,
        "text": "Hi {{ contact.first_name }}, we open at 9 from Monday.",
    }
    campaign = api.post("/campaigns", plan)["id"]
    api.post(f"/campaigns/{campaign}/start", {})
    assert within(90, lambda: ended(api.get(f"/campaigns/{campaign}")), every=0.25), api.get(f"/campaigns/{campaign}")
    return campaign


def ended(campaign):
    counts = campaign["counts"]
    return campaign["state"] == "done" and counts["waiting"] == counts["sent"] == 0


def agree(api, campaign, installation):
    """Our word on every recipient against the carrier's own log."""
    recipients = api.all(f"/campaigns/{campaign}/recipients", limit=200)
    shown = {one["address"].lstrip("+"): one["shown"] for one in recipients}
    assert len(recipients) == len(shown) == PEOPLE
    assert {one["shown"] for one in recipients} <= {"delivered", "not_delivered", "not_sent"}
    assert all(one["reason"] for one in recipients if one["shown"] != "delivered")
    assert {one["reason"]["code"] for one in recipients if one["shown"] == "not_sent"} == {"stopped"}

    seen = witness(oracle.read(installation.home / "phones"), api.all("/channels")[0]["id"])
    texted = {address for address, fate in shown.items() if fate != "not_sent"}
    assert dict(seen.texts) == dict.fromkeys(texted | ANSWERED, 1), "one text for each; of those who had stopped, only the answer to it"
    assert told(seen, "DELIVRD") == by(shown, "delivered")
    assert told(seen, "UNDELIV") == by(shown, "not_delivered")
    assert len(by(shown, "not_sent")) == STOPPED
    assert by(shown, "not_delivered"), "some phones failed, or the knob does nothing"


def by(shown, fate):
    return {address for address, theirs in shown.items() if theirs == fate}


def told(seen, state):
    """Whose receipt the carrier's log has, and we acknowledged; the answers to STOP are no part of the campaign."""
    return {address for address, states in seen.told.items() if states == {state}} - ANSWERED


class Peak:
    """The most memory all processes had together, looked at twice a second."""

    def __init__(self, installation):
        self.installation = installation
        self.megabytes = 0.0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        while not self.done.wait(0.5):
            self.megabytes = max(self.megabytes, self.installation.memory() / MEGABYTE)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
