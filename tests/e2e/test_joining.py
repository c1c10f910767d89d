"""Two contacts that are one person become one, beside the conversation, and two again by one press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import bubble, write_to
from tests.e2e.installation import within
from tests.e2e.pages import pick

pytestmark = pytest.mark.browser


def test_two_contacts_are_joined_beside_the_thread_and_parted_again(page, api):
    other = api.post("/contacts", {"phone": "+447400123502", "first_name": "Zelda", "last_name": "Quill"})["id"]
    write_to(page, "+447400123501", "Your order is here.")
    page.get_by_role("button", name="Join with another").click()
    dialog = page.get_by_role("dialog", name="Join two contacts")
    pick(dialog, "The other contact", "Zelda Quill")
    dialog.get_by_role("button", name="Join", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", name="Zelda Quill").first).to_be_visible()
    expect(page.get_by_text("+447400123502").first).to_be_visible()
    assert api.ask("GET", f"/contacts/{other}").status_code == 404

    page.get_by_role("button", name="Undo").click()
    assert within(10, lambda: api.ask("GET", f"/contacts/{other}").status_code == 200)
    expect(page.get_by_role("heading", name="Zelda Quill")).to_have_count(0)
    expect(bubble(page, "Your order is here.")).to_be_visible()
