"""One text to many: what it will be is shown before, how it goes while it goes, and what became of each afterwards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.files import contacts_csv
from tests.e2e.pages import pick

pytestmark = pytest.mark.browser

PEOPLE = 40


@pytest.fixture(scope="module")
def people(owner):
    """A list of forty, one of whom has stopped texts."""
    owner.api.import_contacts(contacts_csv(PEOPLE, first=200_000), new_list="Book club")
    stopped = owner.api.get("/contacts", search="7400200000")["items"][0]
    owner.api.post(f"/contacts/{stopped['id']}/stop", {"note": "Asked at the till"})
    return "Book club"


def test_a_campaign_is_previewed_sent_and_accounted_for(pages, owner, people, phone):
    page = pages.open("/campaigns", cookies=owner.cookies)
    compose(page, "Autumn reading", people, "Hi {{ contact.first_name | default: 'there' }}, we meet on Friday at 7.")
    expect(page.get_by_text(f"{PEOPLE - 1} people will get it")).to_be_visible()
    expect(page.get_by_text("1 who has stopped texts is left out.")).to_be_visible()
    expect(page.get_by_text("1 part", exact=True).first).to_be_visible()
    phone_picture = page.get_by_role("log", name="How the text looks on a phone")
    expect(phone_picture).to_contain_text("Hi Dimitra, we meet on Friday at 7.")

    page.get_by_role("button", name="Review and send").click()
    dialog = page.get_by_role("dialog", name="Ready to send?")
    expect(dialog).to_contain_text(f"{PEOPLE - 1} now, 1 not: 1 stopped")
    dialog.get_by_role("button", name=f"Send to {PEOPLE - 1} people").click()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=20_000)
    phone("+447400200001").gets("Hi Bram, we meet on Friday at 7.")

    expect(number(page, "Delivered")).to_have_text(str(PEOPLE - 1))
    expect(number(page, "Not sent")).to_have_text("1")
    expect(page.get_by_role("listitem").filter(has_text="They told us to stop")).to_be_visible()
    table = page.get_by_role("table", name="Recipients")
    outcome(page, "Not sent").get_by_role("button").press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("They told us to stop")
    page.get_by_title(f"Delivered: {PEOPLE - 1} (").click()
    expect(table.get_by_role("row")).to_have_count(PEOPLE)
    expect(outcome(page, "Delivered").get_by_role("button", pressed=True)).to_be_visible()
    outcome(page, "Delivered").get_by_role("button").click()
    expect(table.get_by_role("row")).to_have_count(PEOPLE + 1)
    page.get_by_role("button", name="They told us to stop").click()
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="They told us to stop").click()

    page.get_by_role("searchbox", name="Search names and numbers").fill("200001")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Delivered")


def test_a_campaign_pauses_goes_on_and_reaches_everybody_once(pages, owner, people, api, phone):
    channel = next(one for one in api.all("/channels") if one["kind"] == "simulator")
    api.patch(f"/channels/{channel['id']}", {"rate": 3})  # a quarter of a minute for all: slow enough to be caught at it on a busy machine
    try:
        page = pages.open("/campaigns", cookies=owner.cookies)
        compose(page, "Slow news", people, "The autumn catalogue is out.")
        page.get_by_role("button", name="Review and send").click()
        page.get_by_role("dialog").get_by_role("button", name="Send to").click()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Paused", exact=True)).to_be_visible()
        expect(number(page, "Waiting")).not_to_have_text("0")
        page.get_by_role("button", name="Go on").click()
    finally:
        api.patch(f"/channels/{channel['id']}", {"rate": 0})
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=20_000)
    expect(number(page, "Delivered")).to_have_text(str(PEOPLE - 1))
    for customer in range(200_001, 200_000 + PEOPLE):
        assert phone(f"+447400{customer}").received().count("The autumn catalogue is out.") == 1


def compose(page, name, audience, text):
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Purpose").select_option(label="Notice")
    pick(page, "Lists", audience)
    page.get_by_label("Text", exact=True).fill(text)


def number(page, name):
    """One of the campaign's numbers, by what people call it."""
    return outcome(page, name).get_by_role("cell").first


def outcome(page, name):
    """The line of the table below the bar."""
    return page.get_by_role("table", name="How it went").get_by_role("row").filter(has_text=re.compile(f"^{name}"))
