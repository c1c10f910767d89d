"""The first visit, in the browser: from an empty installation to an owner in an empty inbox."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect
from tests.e2e.accessibility import settle, violations
from tests.e2e.pages import PHONE, Pages, pick


def set_up(
    pages: Pages, *, workspace_name: str, country: str, time_zone: str, language: str, name: str, email: str, password: str
) -> dict[str, Any]:
    """Fills in the setup page, once with a password that is too short; returns what was seen on the way."""
    page = pages.open("/")
    page.wait_for_url("**/setup")
    page.get_by_label("Name of the workspace").fill(workspace_name)
    pick(page, "Country", {"GB": "United Kingdom"}[country])
    expect(page.get_by_role("combobox", name="Time zone").or_(page.get_by_label("Time zone")).first).to_have_value(
        time_zone
    )  # the device's
    assert language == "en", "the page speaks English, and so does the workspace"
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.locator("input[type=password]").fill("short")
    page.get_by_label("Fill it with an example").uncheck()
    found = [*violations(page, "dark", "light"), *in_arabic_on_a_phone(pages)]
    create = page.get_by_role("button", name="Create the workspace")
    create.click()
    refusal = page.get_by_text("too short")
    expect(refusal).to_be_visible()
    said = refusal.inner_text()
    page.locator("input[type=password]").fill(password)
    create.click()
    page.wait_for_url("**/inbox")
    expect(page.get_by_role("heading", name="No open conversations")).to_be_visible()
    return {"short_password": said, "violations": found}


def in_arabic_on_a_phone(pages: Pages) -> list[str]:
    page = pages.open("/setup", language="ar", theme="dark", size=PHONE)
    settle(page)
    return violations(page, "dark")
