"""Connecting a carrier: a refused login says why, where the channel is made and on its page, and the right password mends it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.carrier import carrier

pytestmark = pytest.mark.browser


def test_a_carrier_that_refuses_the_password_says_so_until_it_is_right(pages, owner, api):
    with carrier("open sesame") as there:
        page = pages.open("/channels", cookies=owner.cookies)
        expect(page.get_by_role("article").filter(has_text="Simulator")).to_contain_text("Connected")
        page.get_by_role("link", name="Add a channel").first.click()
        fill_in(page, there.port, password="wrong")
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text("The carrier did not let us in")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="did not let us in")).to_contain_text("password")

        page.get_by_role("button", name="Add the channel").click()
        card = page.get_by_role("article").filter(has_text="City Carrier")
        expect(card).to_contain_text("Refused by the carrier")
        expect(card).to_contain_text("password")

        card.get_by_role("link", name="City Carrier").click()
        page.locator("input[type=password]").fill("open sesame")
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text("It works")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()

        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_role("heading", name="Channels", level=1)).to_be_visible()
        expect(page.get_by_role("article")).to_have_count(1)
    assert [channel["kind"] for channel in api.all("/channels")] == ["simulator"]


def fill_in(page, port, *, password):
    page.get_by_label("Name").fill("City Carrier")
    page.get_by_role("textbox", name="Sender", exact=True).fill("+447400000001")
    page.get_by_label("Host").fill("127.0.0.1")
    page.get_by_label("Port").fill(str(port))
    page.get_by_label("System id").fill("corner")
    page.locator("input[type=password]").fill(password)
