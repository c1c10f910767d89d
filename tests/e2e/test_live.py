"""The live line is cut: whatever happened meanwhile is on the page afterwards, without a reload and without a gap."""

from __future__ import annotations

import os
import signal

import httpx
import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import bubble, thread
from tests.e2e.installation import within

pytestmark = pytest.mark.browser


def test_a_page_catches_up_after_the_front_was_killed(page, phone, installation, api):
    customer = phone("+447400300001")
    customer.types("Before the cut")
    page.get_by_role("link", name="Before the cut").click()
    expect(bubble(page, "Before the cut")).to_be_visible()
    page.evaluate("() => { window.notReloaded = true }")
    simulator = next(channel["id"] for channel in api.all("/channels") if channel["kind"] == "simulator")

    killed = installation.pids()["front"]
    os.kill(killed, signal.SIGKILL)
    for number in range(5):  # past the front, which is down: straight to the phones
        type_without_front(installation, simulator, customer.number, f"While it was down {number}")
    assert within(20, lambda: installation.pids().get("front", killed) != killed)

    for number in range(5):
        expect(bubble(page, f"While it was down {number}")).to_be_visible()
    expect(thread(page).locator("[data-message]")).to_have_count(6)
    customer.types("After the cut")
    expect(bubble(page, "After the cut")).to_be_visible()
    assert page.evaluate("() => window.notReloaded")


def type_without_front(installation, channel, number, text):
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(installation.home / "run" / "phones.sock")), base_url="http://phones") as wall:
        wall.post(f"/phones/{number}/texts", json={"channel_id": channel, "text": text}).raise_for_status()
