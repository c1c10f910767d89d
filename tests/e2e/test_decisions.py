"""Consent and decisions as people meet them: told before a campaign goes and after, asked of every message, answered with a key. In two languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.files import contacts_csv
from tests.e2e.inbox import bubble
from tests.e2e.installation import within
from tests.e2e.pages import PHONE

pytestmark = pytest.mark.browser

AGREED = {"kind": "express_written", "scope": "marketing", "shown": "Yes, text me offers of Corner Books.", "language": "en"}
OFFERS = {
    "en": {"about": "offers, at most 4 texts a month", "words": "Yes, text me offers of Corner Books."},
    "ar": {"about": "العروض، 4 رسائل في الشهر على الأكثر", "words": "نعم، أرسلوا لي عروض Corner Books."},
}
PEOPLE = 8
WORDS = {
    "en": {"why": "Why?", "goes": "It may go", "not": "It does not go", "review": "Not a stop", "undo": "Undo", "now": "At the start", "later": "Later", "no": "Not"},
    "ar": {"why": "لماذا؟", "goes": "يمكن إرسالها", "not": "لا تُرسل", "review": "ليست إيقافًا", "undo": "تراجع", "now": "عند البدء", "later": "لاحقًا", "no": "لن تصلهم"},
}  # fmt: skip


@pytest.mark.parametrize(("language", "yes", "told"), [("en", "YES", "They said yes and confirmed it"), ("ar", "نعم", "قالوا نعم وأكدوها")])
def test_somebody_joins_by_a_form_and_confirms_by_a_text_of_their_own(pages, owner, phone, language, yes, told):
    form = owner.api.post("/consent/forms", {"name": f"Offers in {language}", "texts": OFFERS})
    page = pages.open(f"/join/{form['url'].rpartition('/')[2]}?lang={language}", language=language)
    customer = phone(f"+4474006500{language.encode().hex()[:2]}")
    page.locator("[name=phone]").fill(customer.number)
    expect(page.locator("[name=agree]")).not_to_be_checked()
    page.locator("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=agree]").check()
    page.locator("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert within(20, lambda: customer.received() != []), "one text asks them to confirm"
    customer.types(yes)
    assert within(20, lambda: standing(owner.api, customer.number) == "double_opt_in"), standing(owner.api, customer.number)

    contact = owner.api.get("/contacts", search=customer.number[3:])["items"][0]["id"]
    page = pages.open(f"/contacts?contact={contact}&tab=consent", cookies=owner.cookies, language=language)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(told)
    expect(drawer).to_contain_text(OFFERS[language]["words"])


def standing(api, number):
    """What offers to this number rest on."""
    found = api.get("/contacts", search=number[3:])["items"]
    granted = api.get(f"/contacts/{found[0]['id']}/consent")["standing"]["purposes"]["promotion"] if found else None
    return granted and granted["kind"]


@pytest.fixture(scope="module")
def readers(owner):
    """A list of eight: one has stopped, two never agreed to offers, five did."""
    owner.api.import_contacts(contacts_csv(PEOPLE, first=613_000), new_list="Readers")
    people = sorted(owner.api.get("/contacts", search="740061300")["items"], key=lambda one: one["identities"][0]["address"])
    for one in people[3:]:
        owner.api.post(f"/contacts/{one['id']}/consent", AGREED)
    owner.api.post(f"/contacts/{people[0]['id']}/stop", {"note": "Asked at the till"})
    return next(one["id"] for one in owner.api.all("/lists") if one["name"] == "Readers")


def plan(readers, name):
    return {
        "name": name,
        "purpose": "promotion",
        "text": f"{name}: 20% off",
        "audience": {"everyone": False, "lists": [readers], "segments": [], "contacts": []},
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_a_dry_run_says_is_what_then_happens(pages, owner, readers, language):
    words = WORDS[language]
    draft = owner.api.post("/campaigns", plan(readers, f"Novels {language}"))
    page = pages.open(f"/campaigns/{draft['id']}?send=true", cookies=owner.cookies, language=language)
    dialog = page.get_by_role("dialog")
    foretold = {name: int(number(dialog, words[name])) for name in ("now", "later", "no")}
    assert sum(foretold.values()) == PEOPLE
    assert foretold["no"] >= 1
    dialog.locator("button").last.click()
    expect(dialog).to_be_hidden()

    def became():
        counts = owner.api.get(f"/campaigns/{draft['id']}")["counts"]
        gone = counts["sent"] + counts["delivered"] + counts["read"]
        return {"now": gone, "later": counts["waiting"], "no": counts["not_sent"]}

    assert within(15, lambda: became() == foretold), f"{became()}, not {foretold}"
    stopped = next(
        one for one in owner.api.all(f"/campaigns/{draft['id']}/recipients") if one["reason"] and one["reason"]["code"] == "stopped"
    )
    page.get_by_role("button", name=f"{words['why']} {stopped['contact']['name']}", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(words["not"])


def number(dialog, name):
    """What stands below a heading of the dry run."""
    found = dialog.locator("dl > div").filter(has=dialog.page.locator("dt", has_text=re.compile(f"^{re.escape(name)}$"))).locator("dd")
    expect(found).to_be_visible()
    return found.inner_text()


@pytest.mark.parametrize(("language", "size"), [("en", None), ("ar", PHONE)])
def test_a_message_says_why_it_was_sent(pages, owner, phone, language, size):
    customer = phone(f"+44740062000{len(language + str(size)) % 10}")
    sent = owner.api.post("/messages", {"to": customer.number, "text": "Your book is here", "purpose": "notice"})
    customer.gets("Your book is here")
    conversation = owner.api.post("/conversations", {"contact_id": sent["contact_id"]})["id"]
    page = pages.open(f"/inbox/{conversation}", cookies=owner.cookies, language=language, **({"size": size} if size else {}))
    expect(bubble(page, "Your book is here")).to_be_visible()
    page.keyboard.press("w")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(WORDS[language]["goes"])
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bubble(page, "Your book is here").get_by_role("button", name=WORDS[language]["why"]).click()
    expect(dialog).to_contain_text(WORDS[language]["goes"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_doubtful_text_is_answered_with_a_key_and_the_answer_taken_back(pages, owner, phone, language):
    customer = phone(f"+4474006300{language.encode().hex()[:2]}")
    customer.types("this is the wrong number")
    assert within(10, lambda: waiting(owner.api, customer.number) is not None)
    suspect = waiting(owner.api, customer.number)
    page = pages.open(f"/inbox/{suspect['conversation_id']}", cookies=owner.cookies, language=language)
    page.get_by_role("status").get_by_role("link").filter(has_not_text="START").first.click()
    page.wait_for_url("**/review")
    card = page.locator("[data-suspect]").filter(has_text=customer.number)
    expect(card.locator("mark").first).to_have_text("wrong")
    card.focus()
    page.keyboard.press("n")
    expect(card).to_have_count(0)
    page.get_by_role("button", name=WORDS[language]["undo"]).click()
    expect(card).to_be_visible()
    card.focus()
    page.keyboard.press("s")
    expect(card).to_have_count(0)
    assert within(10, lambda: owner.api.get(f"/contacts/{suspect['contact']['id']}/consent")["standing"]["stopped"] == ["all"])


def waiting(api, number):
    return next((one for one in api.get("/consent/suspects")["items"] if one["contact"]["address"] == number), None)


def test_a_consent_is_written_down_with_the_words_they_saw(pages, owner):
    contact = owner.api.post("/contacts", {"first_name": "Ida", "identities": [{"urn": "tel:+447400640001"}]})
    page = pages.open(f"/contacts?contact={contact['id']}&tab=consent", cookies=owner.cookies)
    drawer = page.get_by_role("dialog", name="Contact")
    expect(drawer).to_contain_text("Promotions: no, we know of no consent.")
    drawer.get_by_role("button", name="Record a consent").click()
    form = page.get_by_role("dialog", name="Record a consent")
    form.get_by_label("The exact words they were shown or told").fill("Yes, offers please")
    form.get_by_role("button", name="Record it").click()
    expect(form).to_be_hidden()
    expect(drawer).to_contain_text("Promotions: yes. They said yes.")
    expect(drawer).to_contain_text("Yes, offers please")
    expect(drawer).to_contain_text("by the team")
    with page.expect_download() as download:
        drawer.get_by_role("button", name="Evidence").click()
        drawer.get_by_role("menuitem", name="All of it to check (JSON)").click()
    assert contact["id"] in download.value.suggested_filename


def test_settings_of_hours_say_what_they_mean_and_can_be_taken_back(pages, owner):
    page = pages.open("/settings/consent", cookies=owner.cookies)
    expect(
        page.get_by_text("At most 1 a day and 4 a week to one person, over all channels.")
        .or_(page.get_by_text("No limit of their own.").first)
        .first
    ).to_be_visible()
    page.get_by_label("Countries").first.fill("Greece")
    page.get_by_role("option", name="Greece").click()
    expect(page.get_by_text("Countries saved")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=re.compile("Mon")).first).to_be_visible()
    assert owner.api.get("/policy")["countries"] == ["GR"]
    page.get_by_role("button", name="Undo").click()
    assert within(5, lambda: owner.api.get("/policy")["countries"] == [])
