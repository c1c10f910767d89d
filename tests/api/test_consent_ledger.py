"""The ledger by HTTP: what stands, what is written down, and a pack of evidence that holds without us."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.api.conftest import Caller
from tests.factories import make_contact

from textfirst.consent.actions.checking import check
from textfirst.consent.actions.sealing import seal_batch
from textfirst.consent.models import ConsentEntry
from textfirst.contacts.models import Contact, ContactImport, ContactList
from textfirst.core.ids import new_id
from textfirst.database.scope import as_owner, workspace_scope

SCRIPT = Path(__file__).parents[2] / "docs" / "reference" / "verify_evidence.py"
SHOWN = "أوافق على استلام العروض"


def record(caller: Caller, contact: Contact, **facts: Any) -> Any:
    return caller.post(f"/contacts/{contact.id}/consent", {"kind": "express_written", "shown": SHOWN, "language": "ar", **facts})


def test_c1_a_permission_is_written_down_with_its_proof_and_stands(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    answer = record(
        agent,
        contact,
        origin="https://example.com/news",
        ip="192.0.2.7",
        user_agent="Firefox",
        note="at the fair",
        at="2026-11-01T10:00:00Z",
    )
    assert answer.status_code == 200
    said = answer.json()
    entry = said["entries"]["items"][0]
    assert said["standing"]["purposes"]["promotion"] == {"kind": "express_written", "until": None, "entry_id": entry["id"]}
    expected = {
        "kind": "express_written", "scope": "marketing", "shown": SHOWN, "language": "ar", "origin": "https://example.com/news", "note": "at the fair",
        "source": "person", "by": {"id": str(agent.user.id), "name": agent.user.name}, "sealed": None, "at": "2026-11-01T10:00:00Z",
    }  # fmt: skip
    assert {name: entry[name] for name in expected} == expected
    assert agent.get(f"/contacts/{contact.id}/consent").json() == said


def test_x1_a_wish_for_any_hour_is_written_down_and_taken_back(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    assert record(agent, contact).json()["standing"]["any_hour"] is False
    said = record(agent, contact, scope="any_hour", shown="Text me at midnight, too.").json()
    assert (said["standing"]["any_hour"], said["entries"]["items"][0]["scope"]) == (True, "any_hour")
    assert said["standing"]["purposes"]["promotion"]["kind"] == "express_written"
    said = record(agent, contact, kind="withdrawal", scope="any_hour").json()
    assert said["standing"]["any_hour"] is False
    assert said["standing"]["purposes"]["promotion"]["kind"] == "express_written"


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"kind": "implied_purchase"}, "kind"), ({"kind": "legacy_unproven"}, "kind"), ({"kind": "attested", "note": "they said so"}, "kind"),
     ({"expires_at": "2027-01-01T00:00:00Z"}, "expires_at"), ({"shown": ""}, "shown")],
)  # fmt: skip
def test_x1_nobody_else_can_wish_it_for_them(api, provisioned, facts, field):
    answer = record(api("admin"), make_contact(provisioned), scope="any_hour", **facts)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (422, "consent_invalid", [field])


def test_c1_taken_back_by_another_way(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    record(agent, contact)
    said = record(agent, contact, kind="withdrawal", scope="greeting", note="wrote a letter").json()
    assert said["standing"]["purposes"]["promotion"]["kind"] == "express_written"
    assert said["standing"]["purposes"]["greeting"] is None
    assert [one["kind"] for one in said["entries"]["items"]] == ["withdrawal", "express_written"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"shown": ""}, "shown"), ({"kind": "sure"}, "kind"), ({"scope": "everything"}, "scope"), ({"at": "2099-01-01T00:00:00Z"}, "at"),
        ({"at": "2026-11-01T10:00:00"}, "at"), ({"at": "0001-01-01T00:00:00+14:00"}, "at"), ({"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at"),
    ],
)  # fmt: skip
def test_c1_what_has_no_proof_or_makes_no_sense_is_refused(api, provisioned, facts, field):
    answer = record(api("admin"), make_contact(provisioned), **facts)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    with as_owner():
        assert not ConsentEntry.objects.exists()


def test_c4_only_an_admin_answers_for_what_has_no_proof_and_with_a_reason(api, provisioned):
    contact = make_contact(provisioned)
    assert record(api("agent"), contact, kind="attested", note="the paper forms burned").status_code == 403
    assert record(api.key("contacts:write"), contact, kind="attested", note="the paper forms burned").status_code == 403
    assert record(api("admin"), contact, kind="attested", shown="").json()["fields"].keys() == {"note"}
    said = record(api("admin"), contact, kind="attested", note="the paper forms burned").json()
    assert said["standing"]["purposes"]["promotion"]["kind"] == "attested"


def test_o6_it_lifts_no_stop(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    agent.post(f"/contacts/{contact.id}/stop", {})
    assert record(agent, contact).json()["standing"]["stopped"] == ["all"]


def test_an_implied_permission_ends_when_the_law_says(api, provisioned):
    contact = make_contact(provisioned)
    said = record(api("agent"), contact, kind="implied_inquiry", at="2026-11-01T00:00:00Z", expires_at="2030-01-01T00:00:00Z").json()
    assert said["standing"]["purposes"]["promotion"]["until"] == "2027-05-04T00:00:00Z"


def test_whose_consent_one_may_see(api, provisioned, other_workspace):
    stranger, contact, mute = make_contact(other_workspace), make_contact(provisioned), make_contact(provisioned, None)
    for path in ("consent", "evidence"):
        assert api("agent").get(f"/contacts/{stranger.id}/{path}").status_code == 404
        assert api("agent").get(f"/contacts/{new_id()}/{path}").status_code == 404
    assert api("viewer").get(f"/contacts/{contact.id}/evidence").status_code == 403
    assert record(api("agent"), mute).json()["code"] == "no_number"
    nothing = api("viewer").get(f"/contacts/{contact.id}/consent").json()
    assert (nothing["standing"]["stopped"], nothing["standing"]["purposes"], nothing["entries"]["items"]) == (
        [],
        {"promotion": None, "greeting": None},
        [],
    )


def test_the_chain_says_how_far_it_reaches_and_what_was_found(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    assert agent.get("/consent/chain").json() == {
        "entries": 0, "sealed": 0, "last_sealed_at": None, "head": None, "verified_at": None, "ok": None, "problems": [],
    }  # fmt: skip
    record(agent, contact)
    assert [agent.get("/consent/chain").json()[name] for name in ("entries", "sealed")] == [1, 0]
    seal_batch(provisioned.id, datetime.now(UTC))
    check(provisioned.id, datetime.now(UTC))
    chain = agent.get("/consent/chain").json()
    assert (chain["entries"], chain["sealed"], len(chain["head"]), chain["ok"], chain["problems"]) == (1, 1, 64, True, [])
    assert agent.get(f"/contacts/{contact.id}/consent").json()["entries"]["items"][0]["sealed"] == 1


def test_c4_who_answered_for_whom_is_listed_and_can_be_taken_back_once(api, provisioned, other_workspace):
    admin = api("admin")
    with workspace_scope(provisioned.id):
        people = ContactList.objects.create(workspace_id=provisioned.id, name="Club")
        brought = ContactImport.objects.create(workspace_id=provisioned.id, file_name="club.csv", stored_as="x", country="GR")
    said = {"reason": "signed at the door"}
    assert admin.post("/consent/attest", said | {"list_id": str(people.id), "import_id": str(brought.id)}).json()["fields"].keys() == {
        "import_id"
    }
    assert admin.post("/consent/attest", said | {"import_id": str(new_id())}).status_code == 404
    assert api("agent").post("/consent/attest", said).status_code == 403
    made = [admin.post("/consent/attest", said | whom).json() for whom in ({}, {"list_id": str(people.id)}, {"import_id": str(brought.id)})]
    assert [one["addresses"] for one in made] == [0, 0, 0]
    listed = api("viewer").get("/consent/attestations").json()["items"]
    assert {one["id"]: (one["of"], one["by"]["id"], one["reason"], one["undone_at"]) for one in listed} == {
        one["id"]: (of, str(admin.user.id), "signed at the door", None) for one, of in zip(made, (None, "Club", "club.csv"), strict=True)
    }
    undo = f"/consent/attestations/{made[0]['id']}/undo"
    assert api("agent").post(undo).status_code == 403
    assert [admin.post(undo).status_code, admin.post(undo).json()["code"]] == [204, "undone"]
    assert admin.post(f"/consent/attestations/{new_id()}/undo").status_code == 404
    assert [one["undone_at"] is not None for one in admin.get("/consent/attestations").json()["items"]].count(True) == 1


def test_c4_whom_one_can_answer_for_is_searched_and_comes_in_pages(api, provisioned, other_workspace):
    admin = api("admin")
    with workspace_scope(other_workspace.id):
        ContactList.objects.create(workspace_id=other_workspace.id, name="Club of others")
    with workspace_scope(provisioned.id):
        for name in ("club B", "Club a", "Hikers"):
            ContactList.objects.create(workspace_id=provisioned.id, name=name)
        for name, state in (("club 1.csv", "done"), ("club 2.csv", "stopped"), ("club, only looked at.csv", "uploaded")):
            ContactImport.objects.create(workspace_id=provisioned.id, file_name=name, state=state, stored_as="x", country="GR")
    club = [("list", "Club a"), ("list", "club B"), ("import", "club 2.csv"), ("import", "club 1.csv")]
    assert walked(admin, search=" CLUB ", limit=1) == walked(admin, search="club", limit=2) == walked(admin, search="club", limit=3) == club
    assert walked(admin, limit=50) == [*club[:2], ("list", "Hikers"), *club[2:]]
    assert walked(admin, search="100%") == walked(admin, search="_") == []
    assert api("agent").get("/consent/attest/groups").status_code == 403
    for wrong in ("nowhere", "list.xyz", "import.xyz", "nowhere.WzFd"):
        assert admin.get("/consent/attest/groups", {"after": wrong}).json()["code"] == "cursor_invalid", wrong


def walked(caller: Caller, **query: Any) -> list[tuple[str, str]]:
    """All pages of whom one can answer for."""
    found, place = [], None
    while True:
        page = caller.get("/consent/attest/groups", query | ({"after": place} if place else {})).json()
        found += [(one["kind"], one["name"]) for one in page["items"]]
        place = page["next"]
        if place is None:
            return found


# ---- evidence


@pytest.fixture
def pack(api, provisioned) -> dict[str, Any]:
    """Of a contact with three entries under two seals, among those of others, and a message."""
    agent, contact = api("agent"), make_contact(provisioned, first_name="Άννα")
    for number in range(5):
        record(agent, make_contact(provisioned, f"+3069777777{number:02}"))
    record(agent, contact, words="نعم", ip="192.0.2.7")
    record(agent, contact, kind="express", note="again")
    seal_batch(provisioned.id, datetime.now(UTC))
    agent.post("/messages", {"contact_id": str(contact.id), "text": "Καλημέρα", "purpose": "notice"})
    agent.post(f"/contacts/{contact.id}/stop", {"note": "by telephone"})
    seal_batch(provisioned.id, datetime.now(UTC))
    made = agent.get(f"/contacts/{contact.id}/evidence").json()
    made["contact_id"] = str(contact.id)
    return made


def verified(pack: dict[str, Any], tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(pack), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(file), *arguments], capture_output=True, text=True, timeout=20, check=False
    )


def test_the_pack_holds_without_us(pack, tmp_path):
    assert [entry["fields"]["kind"] for entry in pack["entries"]] == ["express_written", "express", "stop"]
    assert [entry["proof"]["seal"] for entry in pack["entries"]] == [1, 1, 2]
    assert [len(entry["proof"]["path"]) for entry in pack["entries"]] == [2, 2, 0] or all(
        entry["proof"]["path"] for entry in pack["entries"][:2]
    )
    assert [(message["text"], message["direction"]) for message in pack["messages"]] == [("Καλημέρα", "out")]
    assert pack["addresses"][0]["stopped"] == ["all"]
    done = verified(pack, tmp_path, "--head", pack["seals"][-1]["seal"])
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "3 entries (0 without personal fields), 2 seals, 1 messages" in done.stdout


@pytest.mark.parametrize(("language", "headline", "reason", "said"), [
    ("en", "It was allowed to leave.", "A message of this kind needs no consent to advertising.", "they said yes in writing"),
    ("ar", "سُمح", "موافقة", "كتابةً"),
])  # fmt: skip
def test_the_pack_says_why_in_the_readers_words_beside_the_codes_and_holds(api, pack, tmp_path, language, headline, reason, said):
    read = api("agent", language=language).get(f"/contacts/{pack['contact_id']}/evidence").json()
    [decision] = read["messages"][0]["decisions"]
    assert headline in decision["words"]
    assert all(one["code"] and one["words"] for one in decision["reasons"] if one["code"] != "clocks")
    assert any(reason in one["words"] for one in decision["reasons"] if one["code"] == "permission_not_needed")
    assert said in read["entries"][0]["words"]
    codes = [[(one["code"], one["facts"]) for one in each["messages"][0]["decisions"][0]["reasons"]] for each in (read, pack)]
    assert codes[0] == codes[1], "the codes are the same in every language"
    assert verified(read, tmp_path).returncode == 0


def test_a_decision_whose_month_is_gone_has_no_words(api, provisioned, pack):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("delete from decision")
    [decision] = api("agent").get(f"/contacts/{pack['contact_id']}/evidence").json()["messages"][0]["decisions"]
    assert (decision["verdict"], decision["words"], decision["reasons"]) == (None, None, [])
    assert api("agent").get(f"/contacts/{pack['contact_id']}/evidence", {"format": "pdf"}).content.startswith(b"%PDF-")


BREAKS = {
    "a field": lambda pack: pack["entries"][0]["fields"].update(kind="double_opt_in"),
    "a moment": lambda pack: pack["entries"][1]["fields"].update(at="1"),
    "what they wrote": lambda pack: pack["entries"][0]["personal"].update(words="لا"),
    "what was shown": lambda pack: pack["entries"][0].update(shown="yes to everything"),
    "the order": lambda pack: pack["entries"][0].update(proof=pack["entries"][1]["proof"]),
    "a root": lambda pack: pack["seals"][0].update(root="00" * 32),
    "a link": lambda pack: pack["seals"][1].update(previous="00" * 32),
    "a seal left out": lambda pack: pack["seals"].pop(0),
}


@pytest.mark.parametrize("change", BREAKS)
def test_a_pack_that_was_changed_does_not_hold(pack, tmp_path, change):
    BREAKS[change](pack)
    done = verified(pack, tmp_path)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout


def test_a_head_that_was_noted_down_must_be_there(pack, tmp_path):
    assert verified(pack, tmp_path, "--head", "ab" * 32).returncode == 1
    assert verified({"format": "another"}, tmp_path).returncode == 2


def test_the_pack_as_pdf_has_every_letter(api, provisioned, pack):
    answer = api("agent", language="ar").get(f"/contacts/{pack['contact_id']}/evidence", {"format": "pdf"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert answer.content.startswith(b"%PDF-")
    maps = b"".join(zlib.decompress(found) for found in re.findall(rb"stream\r?\n(x\x9c.*?)\r?\nendstream", answer.content, re.DOTALL))
    assert api("agent").get(f"/contacts/{pack['contact_id']}/evidence", {"format": "docx"}).status_code == 422
    if b"beginbfchar" in maps or b"beginbfrange" in maps:  # a font of the machine: its map names the letters that are in it
        assert b"039A" in maps.upper(), "a Greek letter of the message"
