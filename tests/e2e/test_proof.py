"""How people join and how consent is proved, as an owner sets it up: forms, answering for an import, the ledger's state. In two languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.files import contacts_csv
from tests.e2e.installation import within
from tests.e2e.pages import PHONE, pick
from tests.e2e.words import Words

pytestmark = pytest.mark.browser

ABOUT = {"en": "offers, at most 4 texts a month", "ar": "العروض، 4 رسائل في الشهر على الأكثر"}
AGREES = {"en": "Yes, text me offers of Corner Books.", "ar": "نعم، أرسلوا لي عروض Corner Books."}
UNPROVEN = 4
DONE = {"en": "Written down for 4 numbers", "ar": "4 أرقام"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_is_made_in_two_languages_opened_by_a_stranger_and_closed(pages, owner, language):
    words, common = Words(language, "consent"), Words(language, "common")
    page = pages.open("/settings/joining", cookies=owner.cookies, language=language)
    page.get_by_role("button", name=words["forms.create"]).first.click()
    dialog = page.get_by_role("dialog")
    name = f"At the till, {language}"
    dialog.get_by_label(words["forms.name"]).fill(name)
    dialog.get_by_label(words["forms.about"]).fill(ABOUT["en"])
    dialog.get_by_label(words["forms.words"]).fill(AGREES["en"])
    dialog.get_by_role("button", name=words["forms.addLanguage"]).click()
    dialog.get_by_role("group").nth(1).get_by_label(words["forms.about"]).fill(ABOUT["ar"])
    dialog.get_by_role("group").nth(1).get_by_label(words["forms.words"]).fill(AGREES["ar"])
    dialog.get_by_label(words["forms.keyword"]).fill(f"books{language}")
    dialog.get_by_role("button", name=common["actions.save"]).click()
    expect(dialog).to_be_hidden()

    line = page.get_by_role("listitem").filter(has_text=name)
    expect(line).to_contain_text(f"BOOKS{language.upper()}")
    link = line.get_by_text("/join/").inner_text()
    stranger = pages.open(f"/join/{link.rpartition('/')[2]}?lang={language}", language=language, size=PHONE)
    expect(stranger.get_by_text(AGREES[language])).to_be_visible()
    line.get_by_role("switch").click(force=True)  # it turns when the server has said so
    expect(page.get_by_text(words.filled("forms.closed", name=name))).to_be_visible()
    assert within(5, lambda: stranger.reload().status == 404), "a closed form is nobody's"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_owner_answers_for_a_list_that_came_without_proof(pages, owner, language):
    words = Words(language, "consent")
    first = 640_000 + 100 * len(words["attest.title"])
    name = f"Old customers {language}"
    owner.api.import_contacts(contacts_csv(UNPROVEN, first=first), new_list=name)
    somebody = owner.api.get("/contacts", search=f"7400{first}")["items"][0]["id"]
    page = pages.open(f"/contacts?contact={somebody}&tab=consent", cookies=owner.cookies, language=language)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(words.pattern("standing.unproven"))

    page.goto("/settings/joining")
    pick(page, words["attest.whom"], name)
    page.get_by_role("button", name=words["attest.go"]).click()
    expect(page.get_by_text(words["attest.reasonMissing"])).to_be_visible()
    page.get_by_label(words["attest.reason"]).fill("Signed cards are in the drawer")
    page.get_by_role("button", name=words["attest.go"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["attest.go"]).click()
    expect(page.get_by_role("alert").filter(has_text=DONE[language])).to_be_visible()

    page.goto(f"/contacts?contact={somebody}&tab=consent")
    expect(drawer).to_contain_text(words["kinds.attested"])
    expect(drawer).to_contain_text("Signed cards are in the drawer")


@pytest.mark.parametrize(("language", "topic"), [("en", "gambling"), ("ar", "crypto")])
def test_an_owner_answers_for_what_advertising_speaks_of_and_takes_it_back(pages, owner, language, topic):
    words = Words(language, "decisions")

    def standing() -> Any:
        found = owner.api.ask("GET", "/policy/topics", headers={"Accept-Language": language}).json()["items"]
        return next(one for one in found if one["topic"] == topic)

    name, shown = standing()["name"], standing()["words"]
    page = pages.open("/settings/consent#topics", cookies=owner.cookies, language=language)
    page.get_by_role("button", name=words.filled("topics.goOne", topic=name)).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(shown)
    go = dialog.get_by_role("button", name=words["topics.go"])
    go.click()
    expect(dialog.get_by_text(words["topics.reasonMissing"])).to_be_visible()
    dialog.get_by_label(words["topics.reason"]).fill("Licence 4711")
    go.click()
    leave = page.get_by_role("button", name=words.filled("topics.undoOne", topic=name))
    expect(leave).to_be_visible()
    answer = standing()["answer"]
    assert (answer["words"], answer["language"], answer["reason"], answer["by"]["name"]) == (shown, language, "Licence 4711", "Maria Jones")
    leave.click()
    dialog.get_by_role("button", name=words["topics.undo"]).click()
    expect(page.get_by_role("button", name=words.filled("topics.goOne", topic=name))).to_be_visible()
    assert standing()["answer"] is None


def test_the_ledger_says_how_much_is_sealed_and_when_it_was_looked_through(pages, owner, installation):
    words = Words("en", "consent")
    contact = owner.api.post("/contacts", {"phone": "+447400649001", "first_name": "Ledger"})["id"]
    owner.api.post(f"/contacts/{contact}/stop", {"note": "Asked at the till"})

    def all_sealed():
        chain = owner.api.get("/consent/chain")
        return chain["entries"] == chain["sealed"] > 0

    assert within(10, all_sealed), owner.api.get("/consent/chain")
    assert installation.run("consent", "verify").returncode == 0
    sealed = owner.api.get("/consent/chain")["sealed"]
    page = pages.open("/settings/joining", cookies=owner.cookies)
    section = page.locator("section").filter(has=page.get_by_role("heading", name=words["chain.title"]))
    expect(section).to_contain_text(words.filled("chain.sealed_other", number=f"{sealed:,}"))
    expect(section).to_contain_text(words.pattern("chain.whole"))
