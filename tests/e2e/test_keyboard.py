"""The whole of an agent's day without touching the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import listed, shows, thread

pytestmark = pytest.mark.browser


def test_conversations_are_read_and_answered_by_keys_alone(page, phone):
    for number, name in enumerate(("first", "second"), start=1):
        phone(f"+44740040000{number}").types(f"I am the {name} to ask")
        expect(listed(page, f"I am the {name} to ask")).to_be_visible()
    keys = page.keyboard

    keys.press("j")  # the newest is on top
    expect(thread(page)).to_contain_text("I am the second to ask")
    keys.press("j")
    expect(thread(page)).to_contain_text("I am the first to ask")
    keys.press("k")
    expect(thread(page)).to_contain_text("I am the second to ask")

    keys.press("r")
    expect(page.get_by_label("Your reply")).to_be_focused()
    keys.type("Just a moment")
    keys.press("Enter")
    shows(page, "Just a moment", "delivered")
    keys.press("Escape")
    keys.press("e")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()

    keys.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    keys.type("400001")
    expect(page.get_by_label("Conversations").locator("[data-conversation]")).to_have_count(1)


def test_the_palette_and_the_jumps_go_everywhere(page):
    keys = page.keyboard
    expect(page.get_by_role("heading", name="Inbox")).to_be_attached()
    keys.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    keys.type("chann")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Channels", level=1)).to_be_visible()
    keys.press("g")
    keys.press("c")
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()
    keys.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Command palette")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_way_past_the_navigation_is_the_first_stop(page):
    expect(page.get_by_role("heading", name="Inbox")).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
