"""What a text has to look like, rule by rule of the packs that ship, and the drafts that are offered instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textfirst.decisions.packs.content import (
    CHECKS,
    Draft,
    Finding,
    any_rules,
    asks_of_a_first,
    findings,
    topics_in,
    unanswered,
    words_of,
)
from textfirst.decisions.packs.shelf import Shelf, shelf
from textfirst.decisions.packs.types import Effect, Kind, LegalClass
from textfirst.decisions.types import Topic

PACKS = shelf()
VIETNAM, SAUDI, EMIRATES, STATES = ("VN",), ("SA",), ("AE",), ("US",)


def find(text, jurisdictions, *, sender="", brand="", first=False, legal=LegalClass.MARKETING, kind=Kind.TEXT, forbidden=frozenset()):
    return findings(Draft(text, sender, brand, first), PACKS, jurisdictions, legal, kind, forbidden=forbidden)


def one(found: list[Finding], rule: str) -> Finding | None:
    return next((each for each in found if each.rule == rule), None)


def fixed(finding: Finding) -> str:
    assert finding.fix is not None
    return finding.fix.text


# ── Vietnam ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["[QC] Giam gia. Tu choi: soan TC", "[ad] Sale. STOP", "\uff3bQC\uff3d Sale"])
def test_vn_a_label_is_a_label_however_it_is_written(text):
    assert one(find(text, VIETNAM), "VN.label") is None


@pytest.mark.parametrize("text", ["Giam gia [QC]", "QC Giam gia", " [QC] not first", ""])
def test_vn_an_advertisement_begins_with_its_label(text):
    found = one(find(text, VIETNAM), "VN.label")
    assert (found.effect, found.about, found.version) == (Effect.BLOCK, ("[QC]", "[AD]"), 3)
    assert fixed(found) == "[QC] " + text.lstrip()


@pytest.mark.parametrize("text", ["[QC] Giam gia. Tu choi: soan TC", "[QC] Giam gia. từ chối TC", "[QC] x. Reply STOP", "[QC] x HỦY  "])
def test_vn_how_to_refuse_stands_at_the_end(text):
    assert one(find(text, VIETNAM), "VN.opt-out-last") is None


@pytest.mark.parametrize("text", ["[QC] Giam gia", "[QC] stop " + "x" * 60, "[QC] nonstop stopping"])
def test_vn_how_to_refuse_is_added(text):
    found = one(find(text + " ", VIETNAM), "VN.opt-out-last")
    assert (found.effect, found.about) == (Effect.BLOCK, ("stop",))
    assert fixed(found) == text + " Tu choi: soan TC"


def test_how_near_the_end_is_near():
    assert one(find("[QC] stop" + "x" * 0 + " " * 1 + "y" * 55, VIETNAM), "VN.opt-out-last") is None  # sixty characters with it
    assert one(find("[QC] stop" + " " * 1 + "y" * 56, VIETNAM), "VN.opt-out-last") is not None


# ── the Gulf ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sender", ["AD-SHOP", "ad-shop", ""])
def test_ae_a_sender_that_says_so(sender):
    assert one(find("Sale STOP", EMIRATES, sender=sender), "AE.sender-prefix") is None


@pytest.mark.parametrize(("sender", "better"), [("SHOP", "AD-SHOP"), ("VERYLONGSHOP", "AD-VERYLONG"), ("SHOPAD-", "AD-SHOPAD-")])
def test_ae_a_sender_begins_with_ad(sender, better):
    found = one(find("Sale STOP", EMIRATES, sender=sender), "AE.sender-prefix")
    assert (found.effect, found.about, found.fix.sender) == (Effect.BLOCK, ("AD-",), better)
    assert found.fix.text == "Sale STOP"


def test_ae_an_advertisement_says_how_to_refuse():
    assert one(find("Sale. Reply STOP", EMIRATES), "AE.opt-out") is None
    assert one(find("STOP it " + "x" * 200, EMIRATES), "AE.opt-out") is None, "anywhere in the text"
    assert one(find("تخفيضات. أرسل إلغاء", EMIRATES), "AE.opt-out") is None
    found = one(find("Sale", EMIRATES), "AE.opt-out")
    assert (found.effect, found.about, fixed(found)) == (Effect.BLOCK, ("stop",), "Sale Reply STOP to opt out")


@pytest.mark.parametrize("sender", ["SHOP-AD", "shop-ad", "LONGSHOP-AD", ""])
def test_sa_a_sender_that_says_so(sender):
    assert one(find("Sale", SAUDI, sender=sender), "SA.sender-suffix") is None


@pytest.mark.parametrize(
    ("sender", "better"),
    [("SHOP", "SHOP-AD"), ("LONGSHOPS", "LONGSHOP-AD"), ("LONG SHO PS", "LONG SHO-AD"), ("LONGLONGSHOP-AD", "LONGLONG-AD")],
)
def test_sa_a_sender_ends_with_ad_within_eleven_characters(sender, better):
    found = one(find("Sale", SAUDI, sender=sender), "SA.sender-suffix")
    assert (found.effect, found.about, found.fix.sender) == (Effect.BLOCK, ("-AD",), better)
    assert len(better) <= 11


@pytest.mark.parametrize(("jurisdiction", "rule"), [("SA", "SA.sender-suffix"), ("AE", "AE.sender-prefix")])
def test_a_number_cannot_carry_letters(jurisdiction, rule):
    found = one(find("Sale STOP", (jurisdiction,), sender="+966500000000"), rule)
    assert found is not None
    assert found.fix is None


# ── the United States ──────────────────────────────────────────────────────────────────────────────────────

WHOLE = "Shop: welcome to our offers. Msg frequency varies. Msg & data rates may apply. Reply HELP for help. Reply STOP to end."


def test_p1_a_first_message_that_says_everything():
    assert find(WHOLE, STATES, brand="Shop", first=True) == []


@pytest.mark.parametrize(
    ("gone", "missing", "added"),
    [
        ("Shop: ", "brand", None),
        (" Msg frequency varies.", "frequency", "Msg frequency varies."),
        (" Msg & data rates may apply.", "rates", "Msg & data rates may apply."),
        (" Reply HELP for help.", "help", "Reply HELP for help."),
        (" Reply STOP to end.", "stop", "Reply STOP to end."),
    ],
)
def test_p1_what_is_missing_is_named_and_added(gone, missing, added):
    text = WHOLE.replace(gone, "")
    found = one(find(text, STATES, brand="Shop", first=True), "US.first-message")
    assert (found.effect, found.about) == (Effect.BLOCK, (missing,))
    assert fixed(found) == (f"{text} {added}" if added else f"Shop: {text}")
    assert one(findings(found.fix, PACKS, STATES, LegalClass.MARKETING, Kind.TEXT), "US.first-message") is None


def test_p1_all_of_it_at_once_and_only_in_the_first():
    found = one(find("welcome", STATES, brand="Shop", first=True), "US.first-message")
    assert found.about == ("brand", "frequency", "rates", "help", "stop")
    assert fixed(found) == "Shop: welcome Msg frequency varies. Msg & data rates may apply. Reply HELP for help. Reply STOP to end."
    assert findings(Draft("welcome", brand="Shop"), PACKS, STATES, LegalClass.MARKETING, Kind.TEXT) == []


def test_p1_a_brand_nobody_knows_cannot_be_added():
    found = one(find(WHOLE.replace("Shop: ", ""), STATES, first=True), "US.first-message")
    assert (found.about, found.fix) == (("brand",), None)


def test_p1_the_brand_is_a_word_of_its_own():
    assert one(find(WHOLE.replace("Shop:", "Shopping:"), STATES, brand="Shop", first=True), "US.first-message").about == ("brand",)
    assert one(find(WHOLE.replace("Shop:", "SHOP!"), STATES, brand="Shop", first=True), "US.first-message") is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("See bit.ly/x", ("bit.ly",)),
        ("See HTTPS://BIT.LY/x and t.co/y and bit.ly/z", ("bit.ly", "t.co")),
        ("See sub.bit.ly/x", ("sub.bit.ly",)),
        ("See bit\u200b.ly/x", ("bit.ly",)),
        ("See \uff42\uff49\uff54.ly/x", ("bit.ly",)),
    ],
)
def test_p4_links_of_public_shorteners(text, about):
    found = one(find(text, STATES), "US.links")
    assert (found.effect, found.about, found.fix) == (Effect.BLOCK, about, None)


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example/x",
        "shop.example",
        "Mail me@bit.ly.example.com",
        "orbit.ly.example",
        "rabbit.ly",
        "a@bit.ly",
        "No link. At all",
    ],
)
def test_p4_links_that_may_stay(text):
    assert one(find(text, STATES), "US.links") is None


def test_p4_a_link_without_encryption_is_mended():
    found = one(find("See HTTP://shop.example/x or http://shop.example", STATES), "US.links")
    assert (found.about, fixed(found)) == (("shop.example",), "See https://shop.example/x or https://shop.example")
    assert one(find("See http://bit.ly/x", STATES), "US.links").fix is None


def test_p4_saudi_carriers_as_well():
    assert one(find("See bit.ly/x", SAUDI), "SA.links").about == ("bit.ly",)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Beer and wine tonight", ("alcohol",)),
        ("New VAPE flavours, win the jackpot", ("tobacco", "gambling")),
        ("Buy bitcoin", ("crypto",)),
        ("Payday  loans", ()),  # two blanks: not the words
        ("payday loans", ("lending",)),
        ("Cigarettes!", ("tobacco",)),
        ("The winery and the seaweed bar", ()),
        ("Ammo for your rifle", ("firearms",)),
    ],
)
def test_p5_topics_are_attested_and_blocked_only_where_the_channel_forbids_them(text, about):
    found = one(find(text, STATES), "US.topics")
    assert (found.about if found else ()) == about
    assert found is None or (found.effect, found.fix) == (Effect.ATTEST, None)
    if about:
        assert one(find(text, STATES, forbidden=frozenset({about[0]})), "US.topics").effect is Effect.BLOCK
        assert one(find(text, STATES, forbidden=frozenset({"sex"})), "US.topics").effect is Effect.ATTEST


def test_p5_what_advertising_speaks_of_anywhere_is_what_somebody_answers_for():
    text = "Beer at our casino, see bit.ly"
    assert topics_in(text, PACKS, LegalClass.MARKETING) == (Topic("US.topics", "alcohol"), Topic("US.topics", "gambling"))
    assert topics_in(text, PACKS, LegalClass.SERVICE) == ()


def test_p5_nobody_can_answer_for_what_a_rule_forbids():
    assert topics_in("Beer", but("US.topics", effect=Effect.BLOCK), LegalClass.MARKETING) == ()
    assert topics_in("See bit.ly", but("US.links", effect=Effect.ATTEST), LegalClass.MARKETING) == (), "no topic"


def test_p5_what_somebody_answers_for_is_no_longer_found():
    text = "Beer at our casino, see bit.ly"
    alcohol, gambling = (Topic("US.topics", name).key for name in ("alcohol", "gambling"))

    def left(*answers, forbidden=frozenset()):
        return [(found.rule, found.about) for found in unanswered(find(text, STATES, forbidden=forbidden), answers)]

    assert left() == [("US.links", ("bit.ly",)), ("US.topics", ("alcohol", "gambling"))]
    assert left(alcohol) == [("US.links", ("bit.ly",)), ("US.topics", ("gambling",))]
    assert left(alcohol, gambling, "US.links:bit.ly") == [("US.links", ("bit.ly",))], "a link is nothing to answer for"
    assert left(alcohol, gambling, forbidden=frozenset({"alcohol"})) == left(), "the channel does not take it at all"


# ── all of them ────────────────────────────────────────────────────────────────────────────────────────────


def but(id_: str, **changed) -> Shelf:
    """The packs with one rule of content changed."""
    packs = {
        name: pack.model_copy(
            update={"content": tuple(rule.model_copy(update=changed) if rule.id == id_ else rule for rule in pack.content)}
        )
        for name, pack in PACKS.packs.items()
    }
    return replace(PACKS, packs=packs)


def test_a_finding_says_what_its_rule_says():
    label, last = find("Giam gia", VIETNAM)
    assert words_of(label, PACKS) == "An advertising text in Vietnam begins with [QC] or [AD]."
    assert words_of(last, PACKS) == "An advertising text in Vietnam ends with how to refuse more of it."


def test_what_a_pack_says_nothing_of_is_mended_with_the_first_of_its_words():
    (label, last) = (
        one(findings(Draft("Giam gia"), but(rule, adds={}), VIETNAM, LegalClass.MARKETING, Kind.TEXT), rule)
        for rule in ("VN.label", "VN.opt-out-last")
    )
    assert (fixed(label), fixed(last)) == ("[QC] Giam gia", "Giam gia tu choi")


def test_p1_where_it_matters_that_a_text_is_the_first():
    assert asks_of_a_first(PACKS, STATES, LegalClass.MARKETING, Kind.TEXT) is True
    assert asks_of_a_first(PACKS, STATES, LegalClass.SERVICE, Kind.TEXT) is False
    assert asks_of_a_first(PACKS, (*VIETNAM, *SAUDI, *EMIRATES), LegalClass.MARKETING, Kind.TEXT) is False


@pytest.mark.parametrize(
    ("legal", "kind", "asked"),
    [(LegalClass.MARKETING, Kind.TEXT, True), (LegalClass.SERVICE, Kind.TEXT, False), (LegalClass.MARKETING, Kind.CALL, False)],
)
def test_whether_anything_is_asked_of_a_text_anywhere(legal, kind, asked):
    assert any_rules(PACKS, legal, kind) is asked


def test_every_check_is_used_and_every_rule_of_content_is_tried_here():
    rules = [rule for pack in PACKS.packs.values() for rule in pack.content]
    assert {rule.check for rule in rules} == CHECKS.keys()
    source = Path(__file__).read_text("utf-8")
    assert [rule.id for rule in rules if f'"{rule.id}"' not in source] == []


@pytest.mark.parametrize("legal", [LegalClass.SERVICE, LegalClass.CONVERSATIONAL, LegalClass.EMERGENCY])
def test_only_advertising_is_looked_at(legal):
    assert find("beer bit.ly", (*VIETNAM, *SAUDI, *EMIRATES, *STATES), sender="SHOP", first=True, legal=legal) == []


def test_a_call_has_no_text():
    assert find("beer", (*VIETNAM, *STATES), kind=Kind.CALL) == []


def test_the_rules_of_all_places_are_asked():
    found = find("beer", (*VIETNAM, *STATES))
    assert [each.rule for each in found] == ["VN.label", "VN.opt-out-last", "US.topics"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(("", "SHOP", "+447900000001")), st.booleans())
def test_a_fix_mends_what_was_found(text, sender, first):
    places = (*VIETNAM, *SAUDI, *EMIRATES, *STATES)
    for found in find(text, places, sender=sender, brand="Shop", first=first):
        if found.fix is not None:
            assert one(findings(found.fix, PACKS, places, LegalClass.MARKETING, Kind.TEXT), found.rule) is None, found
