"""Setting up: the page makes the owner and the workspace, once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import OWNER, WORKSPACE

pytestmark = pytest.mark.browser


def test_the_setup_page_makes_the_owner_and_is_gone_afterwards(owner, pages, installation):
    assert "10" in owner.seen["short_password"]
    assert owner.seen["violations"] == []
    assert owner.api.get("/me")["role"] == "owner"
    assert owner.api.get("/me")["workspace"]["name"] == "Corner Books"

    stranger = pages.open("/setup")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "/login" in stranger.url
    again = owner.api.ask("POST", "/setup", json={**WORKSPACE, **OWNER, "email": "late@example.org"})
    assert again.status_code == 404


def test_a_stranger_is_asked_to_sign_in_and_comes_to_where_they_wanted(pages):
    page = pages.open("/channels")
    page.wait_for_url("**/login?next=*")
    page.get_by_label("E-mail address").fill(OWNER["email"])
    page.locator("input[type=password]").fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("password you specified are not correct")).to_be_visible()
    page.locator("input[type=password]").fill(OWNER["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/channels")
    expect(page.get_by_role("heading", name="Channels", level=1)).to_be_visible()
