"""What must be brought to write down a permission, what it covers, and when it ends: the rules of the ledger, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from textfirst.consent.rules.opting_in import COUNTS_FOR, TOKEN_BYTES, is_yes, question, welcome
from textfirst.consent.rules.problems import sentence
from textfirst.consent.rules.proof import checked, runs_out
from textfirst.consent.rules.scopes import SCOPES, covers, ends_any_hour, lifts_hours, stopped_words
from textfirst.consent.types import Kind, Problem
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import Purpose

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OWN = {Kind.EXPRESS, Kind.EXPRESS_WRITTEN, Kind.DOUBLE_OPT_IN}


def check(kind: str = "express", scope: str = "marketing", **more):
    return checked(kind, scope, **{"at": NOON, "now": NOON, "proof": True, "reason": "", **more})


@pytest.mark.parametrize("kind", Kind)
def test_c1_every_kind_is_written_down_with_its_proof(kind):
    assert check(kind.word, reason="signed") is kind


def test_c1_a_withdrawal_needs_no_proof():
    assert check("withdrawal", proof=False) is None


@pytest.mark.parametrize("kind", Kind)
def test_c1_c4_who_has_no_proof_says_that_it_is_unproven_or_answers_for_it(kind):
    if kind in {Kind.LEGACY_UNPROVEN, Kind.ATTESTED}:
        assert check(kind.word, proof=False, reason="signed") is kind
    else:
        refused(
            "shown", "Say how it can be proved: the words they were shown, what they wrote, or where it comes from.", kind.word, proof=False
        )


def refused(field: str, words: str, *asked: str, **more) -> None:
    with pytest.raises(InvalidInput) as caught:
        check(*asked, **more)
    assert (caught.value.code, caught.value.fields) == ("consent_invalid", {field: words})


def test_c1_what_is_refused_names_its_field():
    kinds = ", ".join([*(kind.word for kind in Kind), "withdrawal"])
    refused("scope", f"The scope is one of: {', '.join(SCOPES)}.", "express", "everything")
    refused("kind", f"The kind is one of: {kinds}.", "unheard_of")
    refused("note", "Say why you answer for it: the reason is kept with your name.", "attested", reason=" ")
    refused("at", "This moment is still to come.", at=NOON + 5 * MINUTE + timedelta(seconds=1))
    assert check(at=NOON + 5 * MINUTE) is Kind.EXPRESS, "clocks differ"


@pytest.mark.parametrize("kind", Kind)
def test_x1_only_they_themselves_can_wish_any_hour(kind):
    if kind in OWN:
        assert check(kind.word, "any_hour") is kind
    else:
        refused(
            "kind",
            "To be texted at any hour is a wish of their own: nobody else can say it for them.",
            kind.word,
            "any_hour",
            reason="signed",
        )
    assert check(kind.word, reason="signed", ends=True) is kind, "any other permission may have an end"


def test_x1_the_wish_has_no_end_of_its_own():
    refused("expires_at", "This wish has no end of its own: it stands until they take it back.", "express", "any_hour", ends=True)
    assert check("withdrawal", "any_hour") is None


@pytest.mark.parametrize(
    ("kind", "said", "ends"),
    [
        (Kind.EXPRESS, None, None),
        (Kind.EXPRESS, NOON + DAY, NOON + DAY),
        (Kind.IMPLIED_INQUIRY, None, NOON + 184 * DAY),
        (Kind.IMPLIED_INQUIRY, NOON + DAY, NOON + DAY),
        (Kind.IMPLIED_INQUIRY, NOON + 999 * DAY, NOON + 184 * DAY),
        (Kind.IMPLIED_PURCHASE, None, NOON + 731 * DAY),
        (Kind.SOFT_OPT_IN, None, None),
    ],
)
def test_c1_an_implied_permission_ends_by_itself(kind, said, ends):
    assert runs_out(kind, NOON, said) == ends


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ("all", set(Purpose)),
        ("marketing", {Purpose.PROMOTION, Purpose.GREETING}),
        ("promotion", {Purpose.PROMOTION}),
        ("notice", {Purpose.NOTICE}),
        ("any_hour", set()),
    ],
)
def test_c1_what_a_scope_is_about(scope, covered):
    assert {purpose for purpose in Purpose if covers(scope, purpose)} == covered


def test_x1_who_takes_back_marketing_takes_back_the_wish_for_any_hour():
    assert {scope for scope in SCOPES if lifts_hours(scope)} == {"any_hour"}
    assert {scope for scope in SCOPES if ends_any_hour(scope)} == {"all", "marketing", "any_hour"}
    assert ("all", "marketing", *(purpose.word for purpose in Purpose), "any_hour") == SCOPES


@pytest.mark.parametrize(
    ("mask", "words"), [(0, []), (1, ["all"]), (1 << Purpose.GREETING, ["greeting"]), (1 | 1 << Purpose.NOTICE, ["all", "notice"])]
)
def test_o1_stops_in_words(mask, words):
    assert stopped_words(mask) == words


def test_c3_a_question_counts_for_48_hours_and_its_token_has_128_bits():
    assert (timedelta(hours=48), 128) == (COUNTS_FOR, TOKEN_BYTES * 8)


@pytest.mark.parametrize(
    "text", ["YES", " yes. ", "Y", "yes please", "ok", "نعم", "أجل", "موافق", "Có", "Đồng ý", "Ναι", "TAK", "sí", "si", "Oui", "ja", "SIM"]
)
def test_o6_yes_in_many_languages(text):
    assert is_yes(text)


@pytest.mark.parametrize("text", ["", "no", "yes but later", "thanks", "START", "x"])
def test_o6_nothing_else_is_a_yes(text):
    assert not is_yes(text)


@pytest.mark.parametrize(
    ("language", "asks", "greets"),
    [("en", "Reply YES", "you are in"), ("ar", "أرسل نعم", "تم تسجيلك"), ("vi", "Trả lời CÓ", "bạn đã đăng ký"), ("el", "Απαντήστε ΝΑΙ", "εγγραφήκατε"),
     ("pl", "Odpowiedz TAK", "zapisano"), ("en-GB", "Reply YES", "you are in"), ("xx", "Reply YES", "you are in")],
)  # fmt: skip
def test_p1_question_and_welcome_say_who_what_how_to_confirm_and_how_to_leave(language, asks, greets):
    asked = question(language, business="Blue Door", about="offers", link="https://x.example/j")
    assert all(part in asked for part in ("Blue Door", "offers", "https://x.example/j", asks, "HELP", "STOP"))
    joined = welcome(language, business="Blue Door", about="offers")
    assert all(part in joined for part in ("Blue Door", "offers", greets, "STOP"))


@pytest.mark.parametrize(
    "code",
    ["entry_inserted", "seal_late", "person_changed", "person_removed", "stop_not_seen"],
)
def test_what_is_wrong_with_the_ledger_is_said_with_its_number(code):
    assert "7" in str(sentence(Problem(code, entries=7))) or "7" in str(sentence(Problem(code, number=7, entries=7)))
