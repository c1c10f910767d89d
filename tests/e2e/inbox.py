"""The inbox as journeys use it: in English, on any width."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def write_to(page: Page, number: str, text: str) -> None:
    """A new message to a bare number, from the button to the open conversation."""
    page.get_by_role("button", name="New message").first.click()
    dialog = page.get_by_role("dialog", name="New message")
    dialog.get_by_label("To").fill(number)
    dialog.get_by_label("Text").fill(text)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(bubble(page, text)).to_be_visible()


def thread(page: Page) -> Locator:
    return page.get_by_role("log")


def bubble(page: Page, text: str) -> Locator:
    """The newest message in the open thread that says this."""
    return thread(page).locator("[data-message]").filter(has_text=text).last


def shows(page: Page, text: str, status: str) -> None:
    """Waits until the message's tick says so, without any reload."""
    expect(bubble(page, text).locator("[data-shown]")).to_have_attribute("data-shown", status)


def reply(page: Page, text: str) -> None:
    page.get_by_label("Your reply").fill(text)
    page.get_by_label("Your reply").press("Enter")


def listed(page: Page, name: str) -> Locator:
    """A conversation in the list."""
    return page.get_by_label("Conversations").locator("[data-conversation]").filter(has_text=name)
