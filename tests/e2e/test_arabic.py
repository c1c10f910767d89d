"""The main journey in Arabic, from right to left, on a phone in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.e2e.inbox import bubble, shows, thread
from tests.e2e.pages import PHONE

pytestmark = pytest.mark.browser


def test_a_text_goes_out_and_a_reply_comes_back_from_right_to_left(pages, owner, phone):
    customer = phone("+201001234567")
    page = pages.open("/inbox", cookies=owner.cookies, language="ar", theme="dark", size=PHONE)
    assert page.evaluate("() => [document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    page.get_by_role("button", name="رسالة جديدة").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("إلى").fill(customer.number)
    dialog.get_by_label("النص").fill("مرحباً، كتابك وصل. هل نحتفظ به لك؟")
    dialog.locator("button[type=submit]").click()
    customer.gets("مرحباً، كتابك وصل. هل نحتفظ به لك؟")
    shows(page, "مرحباً، كتابك وصل", "delivered")

    customer.types("نعم من فضلك، شكراً")
    answer = bubble(page, "نعم من فضلك")
    expect(answer).to_be_visible()
    ours, theirs = bubble(page, "مرحباً").bounding_box(), answer.bounding_box()
    assert ours["x"] + ours["width"] < theirs["x"] + theirs["width"], "ours stand at the end of the line, on the left"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways"
    expect(thread(page)).to_contain_text("تم التسليم")

    customer.types("إيقاف")
    expect(page.get_by_role("status").filter(has_text="لا يمكنك")).to_be_visible()
