"""axe finds nothing: on every route in both themes in English on a desktop, and once in Arabic on a phone in the dark. No rule is off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.e2e.accessibility import go, settle, violations
from tests.e2e.files import contacts_csv
from tests.e2e.pages import DESKTOP, PHONE, Pages

pytestmark = pytest.mark.browser

ROUTES = Path(__file__).parents[2] / "web" / "src" / "app" / "routes"

# Every route's path as the app declares it, with an address; {names} are filled in from what the fixture made.
PUBLIC = {
    "/login": "/login",
    "/password/reset": "/password/reset",
    "/password/reset/key/$key": "/password/reset/key/used-up",
    "/account/verify-email/$key": "/account/verify-email/used-up",
    "/invite/$token": "/invite/{invitation}",
}
SIGNED_IN = {
    "/inbox": "/inbox",
    "/$conversationId": "/inbox/{conversation}?details=true",
    "/contacts": "/contacts",
    "/contacts/lists": "/contacts/lists",
    "/contacts/segments": "/contacts/segments",
    "/contacts/segments/$segmentId": "/contacts/segments/{segment}",
    "/contacts/imports": "/contacts/imports",
    "/contacts/imports/new": "/contacts/imports/new",
    "/contacts/imports/$importId": "/contacts/imports/{import}",
    "/campaigns": "/campaigns",
    "/campaigns/new": "/campaigns/new",
    "/campaigns/$campaignId": "/campaigns/{campaign}",
    "/channels": "/channels",
    "/channels/new": "/channels/new",
    "/channels/$channelId": "/channels/{channel}",
    "/review": "/review",
    "/phones": "/phones",
    "/profile": "/settings/profile",
    "/security": "/settings/security",
    "/workspace": "/settings/workspace",
    "/team": "/settings/team",
    "/keys": "/settings/keys",
    "/labels": "/settings/labels",
    "/mail": "/settings/mail",
    "/consent": "/settings/consent",
    "/joining": "/settings/joining",
    "/rules": "/settings/rules",
    "/rules/$jurisdiction": "/settings/rules/VN",
}
ELSEWHERE = {"/setup": "test_first_visit.py looks at it, while it is there", "/": "leads on", "/settings": "leads on"}
# What is no route of its own, yet a screen.
DIALOGS = {
    "new message": "/inbox?compose=true",
    "one contact": "/contacts?contact={contact}",
    "what a contact agreed to": "/contacts?contact={contact}&tab=consent",
    "before sending": "/campaigns/{draft}?send=true",
    "import to check": "/contacts/imports/{unstarted}",
    "nothing there": "/nowhere",
}


def test_every_route_is_looked_at():
    declared = {path for file in ROUTES.glob("*.ts") for path in re.findall(r'\bpath: "([^"]+)"', file.read_text())}
    assert declared == PUBLIC.keys() | SIGNED_IN.keys() | ELSEWHERE.keys()


@pytest.fixture(scope="module")
def made(owner):
    """One of everything, so that no page is empty."""
    api = owner.api
    done = api.import_contacts(contacts_csv(30, first=500_000, broken_every=10), new_list="Axe")
    there = next(one["id"] for one in api.all("/lists") if one["name"] == "Axe")
    contact = api.get("/contacts", search="7400500001")["items"][0]["id"]
    stopped = api.get("/contacts", search="7400500002")["items"][0]["id"]
    api.post(f"/contacts/{stopped}/stop", {"note": ""})
    label = api.post("/labels", {"name": "Regular", "color": "green"})
    api.patch(f"/contacts/{contact}", {"labels": [label["id"]]})
    conversation = api.post("/conversations", {"contact_id": contact})["id"]
    api.post(f"/conversations/{conversation}/messages", {"text": "Good morning, and مرحباً"})
    plan = {
        "name": "For axe",
        "purpose": "notice",
        "audience": {"everyone": False, "lists": [there], "segments": [], "contacts": []},
        "text": "Hello",
    }
    campaign = api.post("/campaigns", plan)["id"]
    api.post(f"/campaigns/{campaign}/start", {})
    api.post("/keys", {"name": "Web shop", "kind": "test", "scopes": ["messages:send"]})
    rule = {"all": [{"field": "label", "op": "is", "value": label["id"]}]}
    return {
        "conversation": conversation, "contact": contact, "campaign": campaign, "import": done["id"],
        "draft": api.post("/campaigns", {**plan, "name": "Draft for axe"})["id"],
        "unstarted": api.upload(contacts_csv(5, first=550_000))["id"],
        "segment": api.post("/segments", {"name": "Regulars of axe", "rule": rule})["id"],
        "channel": api.all("/channels")[0]["id"],
        "invitation": api.post("/team/invitations", {"email": "axe@corner-books.example", "role": "viewer"})["link"].rpartition("/")[2],
    }  # fmt: skip


@pytest.fixture(scope="module")
def looking(installation, owner, browser, tmp_path_factory):
    """A page per language and width, kept from route to route."""
    pages = Pages(browser, installation.url, tmp_path_factory.mktemp("axe"))
    opened = {
        "desk": pages.open("/inbox", cookies=owner.cookies, size=DESKTOP),
        "pocket": pages.open("/inbox", cookies=owner.cookies, language="ar", theme="dark", size=PHONE),
        "stranger": pages.open("/login", size=DESKTOP),
        "stranger's pocket": pages.open("/login", language="ar", theme="dark", size=PHONE),
    }
    yield opened
    pages.close()


@pytest.mark.parametrize("address", [*SIGNED_IN.values(), *DIALOGS.values()])
def test_axe_finds_nothing_where_people_work(looking, made, address):
    look(looking["desk"], looking["pocket"], address.format(**made))


@pytest.mark.parametrize("address", PUBLIC.values())
def test_axe_finds_nothing_before_signing_in(looking, made, address):
    look(looking["stranger"], looking["stranger's pocket"], address.format(**made))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_where_people_join(looking, owner, language):
    """A page without the app, opened as strangers open it; as it is sent back for want of a yes, with all that it can say."""
    words = {"about": "offers", "words": "Yes, text me offers"}
    form = owner.api.post(
        "/consent/forms", {"name": "Axe", "texts": {"en": words, "ar": words}, "privacy_url": "https://corner-books.example/p"}
    )
    page = looking["stranger" if language == "en" else "stranger's pocket"].context.new_page()
    page.goto(f"/join/{form['url'].rpartition('/')[2]}?lang={language}")
    page.locator("[name=phone]").fill("+447400500001")
    page.locator("button").click()
    page.get_by_role("alert").wait_for()
    assert violations(page, "light") == []
    page.close()


def look(desk, pocket, address):
    go(desk, address)
    found = violations(desk, "light", "dark")
    go(pocket, address)
    found += [f"Arabic, phone: {line}" for line in violations(pocket, "dark")]
    sideways = pocket.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    if sideways > 0:
        found.append(f"Arabic, phone: {sideways} px to scroll sideways")
    assert found == [], "\n".join(found)


def test_axe_finds_nothing_in_the_palette_and_the_list_of_shortcuts(looking):
    desk = looking["desk"]
    go(desk, "/channels")
    for key in ("Control+k", "?"):
        desk.keyboard.press(key)
        desk.get_by_role("dialog").wait_for()
        settle(desk)
        assert violations(desk, "light", "dark") == []
        desk.keyboard.press("Escape")
        desk.get_by_role("dialog").wait_for(state="hidden")
