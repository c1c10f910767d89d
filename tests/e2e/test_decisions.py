"""Consent and decisions as people meet them: told before a campaign goes and after, asked of every message, answered with a key.

In English at a desk and in Arabic on a phone, each one page for all journeys: loading the app takes longer than most of them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from tests.e2e.accessibility import go
from tests.e2e.files import contacts_csv
from tests.e2e.inbox import bubble
from tests.e2e.installation import within
from tests.e2e.pages import DESKTOP, PHONE, Pages, pick

pytestmark = pytest.mark.browser

AGREED = {"kind": "express_written", "scope": "marketing", "shown": "Yes, text me offers of Corner Books.", "language": "en"}
OFFERS = {
    "en": {"about": "offers, at most 4 texts a month", "words": "Yes, text me offers of Corner Books."},
    "ar": {"about": "العروض، 4 رسائل في الشهر على الأكثر", "words": "نعم، أرسلوا لي عروض Corner Books."},
}
PEOPLE = 8
CAPPED = 2  # of the five who agreed, had a promotion today
WORDS = {
    "en": {
        "why": "Why?", "allow": "It may go", "defer": "It waits", "block": "It does not go", "undo": "Undo",
        "now": "At the start", "later": "Later", "not": "Not", "confirmed": "They said yes and confirmed it",
        "permission": "We may send them advertising: they said yes in writing.", "never": "They never agreed to advertising from us.",
        "unproven": "There is no proof that they agreed. An admin can answer for it, with a reason.",
        "stopped": "They told us to stop. Nobody can text them until they write START.", "hour": "They agreed to advertising at any hour.",
        "event": "About an event (optional)", "review": "Review and send", "at a time": "At a time", "moment": "Date and time",
        "moved": "The planned time is outside the hours. It goes at the last allowed minute before.",
        "capped": "Promotions, greetings and requests for feedback to them within 24 hours: 1. The limit here is 1.",
    },
    "ar": {
        "why": "لماذا؟", "allow": "يمكن إرسالها", "defer": "تنتظر", "block": "لا تُرسل", "undo": "تراجع",
        "now": "عند البدء", "later": "لاحقًا", "not": "لن تصلهم", "confirmed": "قالوا نعم وأكدوها",
        "permission": "يجوز أن نرسل إليهم إعلانات: قالوا نعم كتابةً.", "never": "لم يوافقوا قط على تلقي إعلاناتنا.",
        "unproven": "لا إثبات على موافقتهم. يمكن لمشرف أن يتحمّل مسؤولية ذلك مع ذكر السبب.",
        "stopped": "طلبوا منا التوقف. لا يمكن لأحد مراسلتهم حتى يكتبوا START.", "hour": "وافقوا على الإعلانات في أي ساعة.",
        "event": "عن حدث (اختياري)", "review": "راجع وأرسل", "at a time": "في موعد", "moment": "التاريخ والوقت",
        "moved": "الوقت المخطط خارج الساعات. تخرج في آخر دقيقة مسموحة قبله.",
        "capped": "العروض والتهاني وطلبات الرأي المرسلة إليهم خلال 24 ساعة: 1. الحد هنا 1.",
    },
}  # fmt: skip
both_languages = pytest.mark.parametrize("language", ["en", "ar"])


@pytest.fixture(scope="module")
def screens(installation, owner, browser, tmp_path_factory):
    """The owner's page by language."""
    pages = Pages(browser, installation.url, tmp_path_factory.mktemp("decisions"))
    yield {
        "en": pages.open("/settings/profile", cookies=owner.cookies, size=DESKTOP),
        "ar": pages.open("/settings/profile", cookies=owner.cookies, language="ar", size=PHONE),
    }
    pages.close()
    pages.complaints.check()


@pytest.mark.parametrize(("language", "yes"), [("en", "YES"), ("ar", "نعم")])
def test_somebody_joins_by_a_form_and_confirms_by_a_text_of_their_own(screens, pages, owner, phone, language, yes):
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
    page = screens[language]
    go(page, f"/contacts?contact={contact}&tab=consent")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(WORDS[language]["confirmed"])
    expect(drawer).to_contain_text(OFFERS[language]["words"])


def standing(api, number):
    """What offers to this number rest on."""
    found = api.get("/contacts", search=number[3:])["items"]
    granted = api.get(f"/contacts/{found[0]['id']}/consent")["standing"]["purposes"]["promotion"] if found else None
    return granted and granted["kind"]


def agree(api, contact):
    """To advertising, and at any hour: what these journeys say holds at night, too."""
    for scope in ("marketing", "any_hour"):
        api.post(f"/contacts/{contact}/consent", {**AGREED, "scope": scope})


def readers(api, language):
    """A list of eight: one has stopped, two never agreed to offers, five did, and two of these had one today."""
    first = {"en": 613_000, "ar": 614_000}[language]
    api.import_contacts(contacts_csv(PEOPLE, first=first), new_list=f"Readers {language}")
    people = sorted(api.get("/contacts", search=f"7400{first // 10}")["items"], key=lambda one: one["identities"][0]["address"])
    assert len(people) == PEOPLE
    for one in people[3:]:
        agree(api, one["id"])
    for one in people[-CAPPED:]:
        api.post("/messages", {"to": one["identities"][0]["address"], "text": "New novels", "purpose": "promotion"})
    api.post(f"/contacts/{people[0]['id']}/stop", {"note": "Asked at the till"})
    return next(one["id"] for one in api.all("/lists") if one["name"] == f"Readers {language}")


@both_languages
def test_what_a_dry_run_says_is_what_then_happens(screens, owner, language):
    words, page, foretold = WORDS[language], screens[language], {"now": 3, "later": CAPPED, "not": 3}
    audience = {"everyone": False, "lists": [readers(owner.api, language)], "segments": [], "contacts": []}
    draft = owner.api.post("/campaigns", {"name": f"Novels {language}", "purpose": "promotion", "text": "20% off", "audience": audience})
    campaign = f"/campaigns/{draft['id']}"
    go(page, f"{campaign}?send=true")
    dialog = page.get_by_role("dialog")
    assert {name: int(number(dialog, words[name])) for name in foretold} == foretold
    said = owner.api.post(f"{campaign}/dry-run", {})
    assert re.fullmatch(r"3 now, 2 (at|on|from) .+, 3 not: 2 consent unproven, 1 stopped", said["sentence"]), said["sentence"]
    dialog.locator("button").last.click()
    expect(dialog).to_be_hidden()

    def became():
        counts = owner.api.get(campaign)["counts"]
        return {"now": counts["sent"] + counts["delivered"] + counts["read"], "later": counts["waiting"], "not": counts["not_sent"]}

    assert within(15, lambda: became() == foretold), f"{became()}, not {foretold}"
    recipients = owner.api.all(f"{campaign}/recipients")
    told = {one["reason"]["code"]: one["contact"]["name"] for one in recipients if one["reason"]}
    assert set(told) == {"permission_unproven", "stopped", "capped"}
    for code, verdict, sentence in (
        ("permission_unproven", "block", "unproven"),
        ("stopped", "block", "stopped"),
        ("capped", "defer", "capped"),
    ):
        page.get_by_role("button", name=f"{words['why']} {told[code]}", exact=True).click()
        expect(dialog).to_contain_text(words[verdict])
        expect(dialog).to_contain_text(words[sentence])
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


@both_languages
def test_x1_a_midnight_sale_is_told_in_the_last_allowed_minute_before(screens, owner, language):
    """Who writes the campaign names the event; the last look says whom that moves."""
    words, page, clock = WORDS[language], screens[language], ZoneInfo(owner.api.get("/workspace")["time_zone"])
    midnight = (datetime.now(clock) + timedelta(days=9)).replace(hour=0, minute=0, second=0, microsecond=0)
    reader = owner.api.post("/contacts", {"phone": f"+447400630{language.encode().hex()[:3]}"})["id"]
    owner.api.post(f"/contacts/{reader}/consent", {**AGREED, "scope": "marketing"})
    audience = {"everyone": False, "lists": [], "segments": [], "contacts": [reader]}
    draft = owner.api.post(
        "/campaigns", {"name": f"Sale {language}", "purpose": "promotion", "text": "From midnight", "audience": audience}
    )
    go(page, f"/campaigns/{draft['id']}")
    page.get_by_label(words["event"]).fill(f"{midnight:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name=words["review"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words["at a time"], exact=True).check()
    dialog.get_by_label(words["moment"]).fill(f"{midnight - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    expect(dialog).to_contain_text(words["moved"])
    assert datetime.fromisoformat(owner.api.get(f"/campaigns/{draft['id']}")["anchor"]) == midnight
    dialog.locator("button").last.click()
    expect(dialog).to_be_hidden()
    assert owner.api.get(f"/campaigns/{draft['id']}")["state"] == "scheduled"
    owner.api.post(f"/campaigns/{draft['id']}/cancel", {})


def number(dialog, name):
    """What stands below a heading of the dry run."""
    found = dialog.locator("dl > div").filter(has=dialog.page.locator("dt", has_text=re.compile(f"^{re.escape(name)}$"))).locator("dd")
    expect(found).to_be_visible()
    return found.inner_text()


@both_languages
def test_a_promotion_says_what_it_rests_on_and_goes_to_nobody_who_never_agreed(screens, owner, phone, language):
    words, page = WORDS[language], screens[language]
    customer, stranger = (phone(f"+447400620{language.encode().hex()[:2]}{agreed}") for agreed in (1, 0))
    contact = owner.api.post("/contacts", {"phone": customer.number})["id"]
    agree(owner.api, contact)
    owner.api.post("/messages", {"to": customer.number, "text": f"Half price {language}", "purpose": "promotion"})
    customer.gets(f"Half price {language}")
    go(page, f"/inbox/{owner.api.post('/conversations', {'contact_id': contact})['id']}")
    expect(bubble(page, f"Half price {language}")).to_be_visible()
    page.keyboard.press("w")
    dialog = page.get_by_role("dialog")
    for sentence in ("allow", "permission", "hour"):
        expect(dialog).to_contain_text(words[sentence])
    expect(dialog.locator("a[href*='/settings/rules/GB#']").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    nobody = owner.api.post("/contacts", {"phone": stranger.number})["id"]
    refused = owner.api.ask("POST", "/messages", json={"to": stranger.number, "text": "Half price", "purpose": "promotion"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_permission")
    go(page, f"/contacts?contact={nobody}&tab=consent")
    expect(page.get_by_role("dialog")).to_contain_text(words["never"])
    assert stranger.received() == []


@both_languages
def test_a_doubtful_text_is_answered_with_a_key_and_the_answer_taken_back(screens, owner, phone, language):
    page = screens[language]
    customer = phone(f"+4474006300{language.encode().hex()[:2]}")
    customer.types("this is the wrong number")
    assert within(10, lambda: waiting(owner.api, customer.number) is not None)
    suspect = waiting(owner.api, customer.number)
    go(page, f"/inbox/{suspect['conversation_id']}")
    page.get_by_role("status").get_by_role("link").filter(has_not_text="START").first.click()
    page.wait_for_url("**/review")
    card = page.locator("[data-suspect]").filter(has_text=customer.number)
    expect(card.locator("mark").first).to_have_text("wrong")
    card.focus()
    page.keyboard.press("n")
    expect(card).to_have_count(0)
    page.get_by_role("alert").last.get_by_role("button", name=WORDS[language]["undo"]).click()
    expect(card).to_be_visible()
    card.focus()
    page.keyboard.press("s")
    expect(card).to_have_count(0)
    assert within(10, lambda: owner.api.get(f"/contacts/{suspect['contact']['id']}/consent")["standing"]["stopped"] == ["all"])


def waiting(api, number):
    return next((one for one in api.get("/consent/suspects")["items"] if one["contact"]["address"] == number), None)


def test_a_consent_is_written_down_with_the_words_they_saw(screens, owner):
    contact = owner.api.post("/contacts", {"first_name": "Ida", "identities": [{"urn": "tel:+447400640001"}]})
    page = screens["en"]
    go(page, f"/contacts?contact={contact['id']}&tab=consent")
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


def test_settings_of_hours_say_what_they_mean_and_can_be_taken_back(screens, owner):
    page = screens["en"]
    go(page, "/settings/consent")
    expect(
        page.get_by_text("At most 1 a day and 4 a week to one person, over all channels.")
        .or_(page.get_by_text("No limit of their own.").first)
        .first
    ).to_be_visible()
    pick(page, "Countries", "Greece")
    expect(page.get_by_text("Countries saved")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=re.compile("Mon")).first).to_be_visible()
    assert owner.api.get("/policy")["countries"] == ["GR"]
    page.get_by_role("alert").filter(has_text="Countries saved").get_by_role("button", name="Undo").click()
    assert within(5, lambda: owner.api.get("/policy")["countries"] == [])
