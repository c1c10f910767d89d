"""A text goes out, a reply comes back, STOP is honoured: all of it live, between a browser and a phone over SMPP."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import bubble, listed, reply, shows, thread, write_to

pytestmark = pytest.mark.browser

LIVE = 1.0  # seconds from the phone to the open inbox


def test_a_text_goes_out_a_reply_comes_back_and_stop_is_honoured(page, phone, api):
    customer = phone("+447400123101")
    write_to(page, "07400 123101", "Hello, your book has arrived. Shall we keep it for you?")
    customer.gets("Hello, your book has arrived. Shall we keep it for you?")
    shows(page, "Hello, your book has arrived", "delivered")

    took = seconds_until_seen(page, customer, "Yes please, until Friday 📚")
    assert took < LIVE, f"the reply took {took:.2f} s"

    reply(page, "Done. It waits at the till.")
    shows(page, "Done. It waits at the till.", "delivered")
    customer.gets("Done. It waits at the till.")
    expect(thread(page).locator("[data-message]")).to_have_count(3)

    customer.types("STOP")
    expect(page.get_by_text("You cannot write here now")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_count(0)
    refused = api.ask("POST", "/messages", json={"to": customer.number, "text": "One more thing", "purpose": "notice"})
    assert (refused.status_code, refused.json()["code"]) == (422, "stopped")

    customer.types("START")
    expect(page.get_by_label("Your reply")).to_be_visible()


def seconds_until_seen(page, customer, text):
    """From the keystroke on the phone to the words on the screen; nothing is reloaded."""
    page.evaluate("() => { window.notReloaded = true }")
    began = time.monotonic()
    customer.types(text)
    bubble(page, text).wait_for(state="visible")
    took = time.monotonic() - began
    assert page.evaluate("() => window.notReloaded")
    return took


def test_ten_texts_at_once_make_one_conversation_with_ten_unread(page, phone, api):
    customer = phone("+447400123102")
    for number in range(10):
        customer.types(f"Question {number}")
    row = listed(page, "Question")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("10 unread")
    expect(page).to_have_title(re.compile(r"^\(\d+\) Inbox · Textfirst$"))
    row.click()
    expect(thread(page).locator("[data-message]")).to_have_count(10)
    expect(row).not_to_contain_text("unread")
    assert len(api.all("/conversations", search="7400123102")) == 1


def test_a_number_that_cannot_be_one_is_refused_where_it_is_typed(page):
    page.get_by_role("button", name="New message").first.click()
    dialog = page.get_by_role("dialog", name="New message")
    dialog.get_by_label("To").fill("0123")
    dialog.get_by_label("Text").fill("Hello")
    dialog.get_by_role("button", name="Send").click()
    field = dialog.get_by_label("To")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_be_visible()


def test_a_merge_field_that_nobody_has_is_flagged_before_sending(page, phone):
    write_to(page, "+447400123103", "Good morning")
    page.get_by_label("Your reply").fill("Hi {{ contact.first_name }}, your {{ contact.dragon }} is ready")
    expect(page.get_by_text("empty for this person")).to_be_visible()
    expect(page.get_by_text("There is no field")).to_be_visible()
    page.get_by_label("Your reply").press("Enter")
    phone("+447400123103").gets("Hi, your is ready")
