"""People: invited, with roles, a second step at signing in, and sessions that end at once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import bubble
from tests.e2e.installation import within

pytestmark = pytest.mark.browser

PASSWORD = "seven quiet purple owls"
PERIOD = 30  # seconds an authenticator's code holds (RFC 6238)


def test_an_invited_viewer_joins_reads_along_and_cannot_send(pages, owner, phone):
    phone("+447400200001").types("Are you open on Sunday?")
    page = pages.open("/settings/team", cookies=owner.cookies)
    page.get_by_role("button", name="Invite someone").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail address").fill("vera@corner-books.example")
    dialog.get_by_role("radio", name="Viewer").check()
    dialog.get_by_role("button", name="Send the invitation").click()
    link = dialog.get_by_label("Invitation link").input_value()

    guest = pages.open(link)
    expect(guest.get_by_role("heading", name="Join Corner Books")).to_be_visible()
    guest.get_by_label("Your name").fill("Vera Lind")
    guest.locator("input[type=password]").fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    guest.get_by_role("link", name="Are you open on Sunday?").click()
    expect(bubble(guest, "Are you open on Sunday?")).to_be_visible()
    expect(guest.get_by_text("Your role reads along")).to_be_visible()
    expect(guest.get_by_role("button", name="New message")).to_have_count(0)

    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("Vera Lind")).to_be_visible()
    again = pages.open(link)
    expect(again.get_by_role("heading", name="This invitation is not open any more")).to_be_visible()


def test_a_viewer_is_refused_by_the_server_too(pages, owner):
    cookies = joined(pages, owner, "victor@corner-books.example", role="viewer").context.cookies()
    viewer = owner.api.signed_in({one["name"]: one["value"] for one in cookies})
    with viewer:
        refused = viewer.ask("POST", "/messages", json={"to": "+447400200002", "text": "Hello", "purpose": "notice"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        assert viewer.get("/me")["role"] == "viewer"


def test_two_steps_are_turned_on_and_asked_for_at_the_next_sign_in(pages, owner):
    page = joined(pages, owner, "tom@corner-books.example", role="agent")
    page.goto("/settings/security")
    page.get_by_role("button", name="Turn on").click()
    dialog = page.get_by_role("dialog")
    secret = dialog.locator("code").inner_text().replace(" ", "")
    dialog.get_by_label("Six digits").fill(code(secret))
    dialog.get_by_role("button", name="Turn on").click()
    delicate = page.get_by_role("dialog", name="Is it still you?")
    delicate.locator("input[type=password]").fill(PASSWORD)
    delicate.get_by_role("button", name="Go on").click()
    codes = page.get_by_role("dialog", name="Recovery codes")
    kept = codes.get_by_role("listitem").first.inner_text()
    codes.get_by_role("button", name="I kept them").click()
    expect(page.get_by_text("On since")).to_be_visible()

    elsewhere = sign_in(pages, "tom@corner-books.example")
    elsewhere.get_by_label("Code").fill("000000")
    elsewhere.get_by_role("button", name="Sign in").click()
    expect(elsewhere.get_by_text("Incorrect code")).to_be_visible()
    elsewhere.get_by_label("Code").fill(code(secret))
    elsewhere.get_by_role("button", name="Sign in").click()
    elsewhere.wait_for_url("**/inbox")

    third = sign_in(pages, "tom@corner-books.example")
    third.get_by_role("button", name="Use a recovery code").click()
    third.get_by_label("Recovery code").fill(kept)
    third.get_by_role("button", name="Sign in").click()
    third.wait_for_url("**/inbox")


def test_signing_out_everywhere_else_ends_the_other_page_and_its_live_stream(pages, owner):
    here = joined(pages, owner, "sara@corner-books.example", role="agent")
    there = sign_in(pages, "sara@corner-books.example")
    there.wait_for_url("**/inbox")
    here.goto("/settings/security")
    here.get_by_role("button", name="Sign out everywhere else").click()
    here.get_by_role("dialog").get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_text("Signed out everywhere else")).to_be_visible()
    there.wait_for_url("**/login**")  # by itself: its stream ended, and the next ticket was refused
    here.goto("/inbox")
    expect(here.get_by_role("heading", name="Inbox")).to_be_attached()


def joined(pages, owner, email, *, role):
    """A page of somebody who has just accepted an invitation."""
    link = owner.api.post("/team/invitations", {"email": email, "role": role})["link"]
    page = pages.open(link)
    page.get_by_label("Your name").fill(email.partition("@")[0].title())
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/inbox")
    return page


def sign_in(pages, email):
    page = pages.open("/login")
    page.get_by_label("E-mail address").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def code(secret):
    """What an authenticator app shows now (RFC 6238), once it holds for another three seconds."""
    assert within(PERIOD, lambda: time.time() % PERIOD < PERIOD - 3)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // PERIOD), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFF_FFFF) % 1_000_000:06d}"
