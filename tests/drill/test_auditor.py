"""The judge itself: it finds nothing where there is nothing, and names each of the faults planted here."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from smpplib import gsm
from tests.drill.evidence import CODE, CONTACT, pdu, receipt, words

from textfirst.core.ids import new_id
from textfirst.drill.auditor import frames
from textfirst.phones.frames import Kind

QUARTER = 250_000_000  # ns


def test_where_all_is_well_nothing_is_found(evidence):
    for _ in range(3):
        evidence.sent()
    evidence.heard()
    verdict = evidence.verdict()
    assert verdict.breaches == []
    assert {name: verdict.counts[name] for name in ("accepted", "submitted", "duplicates", "lost", "receipts sent", "receipts recorded")} == {
        "accepted": 3, "submitted": 3, "duplicates": 0, "lost": 0, "receipts sent": 3, "receipts recorded": 3,
    }  # fmt: skip
    assert (verdict.counts["inbound sent"], verdict.counts["inbound stored"]) == (1, 1)


# ── the four planted faults ─────────────────────────────────────────────────────────────────────────────────


def test_a_text_lost_on_its_way_is_named(evidence):
    evidence.sent()
    evidence.message("447911000001", "Never left", status=40)
    assert "lost" in words(evidence.verdict(), "I1")


def test_a_promise_without_a_message_is_named_as_lost(evidence):
    evidence.ledger.note("asked", key="k", to="+447911000002", text="Promised", again=False)
    evidence.ledger.note("accepted", key="k", message_id=str(new_id()))
    verdict = evidence.verdict()
    assert "lost" in words(verdict, "I1")
    assert verdict.counts["lost"] == 1


def test_a_recipient_without_a_message_is_named_as_lost(evidence):
    to, _, _ = evidence.sent(campaign=evidence.campaign, promised=False)
    evidence.ledger.note("campaign", id=str(evidence.campaign), addresses=[f"+{to}", "+447911000003"])
    assert "1 recipients of a campaign have no message: lost" in words(evidence.verdict(), "I1")


def test_a_text_doubled_is_named(evidence):
    to, text, _ = evidence.sent()
    evidence.submit(to, text, provider_id="again")
    verdict = evidence.verdict()
    assert "doubled" in words(verdict, "I2")
    assert verdict.counts["duplicates"] == 1


def test_a_text_sent_late_after_stop_is_named(evidence):
    to, text, identifier = "447911000004", "Too late", new_id()
    evidence.message(to, text, identifier=identifier, status=40)
    evidence.attempt(identifier)
    stopped = evidence.stop(to)
    evidence.submit(to, text, provider_id="late", at=stopped + 2 * QUARTER)
    verdict = evidence.verdict()
    assert "sent late" in words(verdict, "I4")
    assert verdict.lateness_ms == pytest.approx(500)


def test_an_attempt_committed_after_stop_is_named_however_fast_it_was(evidence):
    to, text = "447911000005", "After all"
    stopped = evidence.stop(to)
    identifier = evidence.message(to, text, status=40)
    evidence.attempt(identifier)
    evidence.submit(to, text, provider_id="after", at=stopped + 1_000_000)
    verdict = evidence.verdict()
    assert "sent after STOP" in words(verdict, "I4")
    assert verdict.counts["attempts after STOP"] == 1


def test_a_receipt_unrecorded_is_named(evidence):
    evidence.sent()
    evidence.deliver(receipt(99, "447911000006", "p99"))
    assert "1 receipts were acknowledged and not recorded" in words(evidence.verdict(), "I6")


# ── and the finer points ────────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_crossed_a_stop_in_the_wire_is_counted_and_allowed(evidence):
    to, text = "447911000007", "Crossing"
    identifier = evidence.message(to, text, status=40)
    evidence.attempt(identifier)
    stopped = evidence.stop(to)
    evidence.submit(to, text, provider_id="c", at=stopped + QUARTER // 2)
    verdict = evidence.verdict()
    assert verdict.breaches == []
    assert verdict.counts["crossings"] == 1
    assert verdict.lateness_ms == pytest.approx(125)


def test_one_confirmation_of_a_stop_is_allowed_and_a_second_is_not(evidence):
    to = "447911000008"
    evidence.stop(to)
    for text in ("You will get no more texts.", "Really."):
        identifier = evidence.message(to, text, status=40, purpose=7, key=False)
        evidence.attempt(identifier)
        evidence.submit(to, text, provider_id=text)
        time.sleep(0.002)  # the next id is of a later millisecond
    assert "1 attempts were committed after" in words(evidence.verdict(), "I4")


def test_a_code_may_be_doubled_by_a_lost_session_and_must_say_so(evidence):
    to, text, identifier = evidence.sent(purpose=CODE)
    evidence.submit(to, text, provider_id="again")
    evidence.ends_session()
    assert "not flagged" in words(evidence.verdict(), "I2")
    evidence.connection.execute("update message set flags = 1 where id = %s", [identifier])
    assert evidence.verdict().breaches == []


def test_more_doubles_than_lost_sessions_explain_are_named(evidence):
    to, text, _ = evidence.sent(purpose=CODE, flags=1)
    evidence.submit(to, text, provider_id="again")
    assert "beyond the 0 that window" in words(evidence.verdict(), "I2")


def test_a_refused_submit_that_is_tried_again_is_no_double(evidence):
    to, text, _ = evidence.sent()
    evidence.submit(to, text, status=0x58)
    assert evidence.verdict().breaches == []


def test_what_the_carrier_took_must_not_be_called_unsent(evidence):
    evidence.sent(status=71)
    assert "the carrier took them" in words(evidence.verdict(), "I1")


def test_a_message_that_waits_for_ever_is_named(evidence):
    evidence.message("447911000009", "Waiting", status=10)
    assert "still wait" in words(evidence.verdict(), "I1")


def test_a_text_nobody_asked_for_is_named(evidence):
    evidence.submit("447911000010", "Who wrote this?")
    assert "nobody asked for" in words(evidence.verdict(), "I1")


def test_unknown_is_bounded_by_lost_sessions(evidence):
    for serial in range(3):
        evidence.message(f"44791100{serial:04d}", "?", status=60)
    assert "beyond the 0" in words(evidence.verdict(), "I3")


def test_a_session_that_ended_before_its_first_text_may_leave_doubt(evidence):
    evidence.message("447911000011", "?", status=60)
    evidence.ends_session()
    assert evidence.verdict().breaches == []


def test_a_status_behind_its_receipt_and_one_that_fell_are_named(evidence):
    _, _, identifier = evidence.sent()
    evidence.connection.execute("update message set status = 40 where id = %s", [identifier])
    found = words(evidence.verdict(), "I6")
    assert "stand behind what their receipts said" in found
    assert "1 statuses went down in rank" in found


def test_a_receipt_whose_id_died_with_the_process_that_read_it_leaves_its_message_unknown(evidence):
    _, _, identifier = evidence.sent()
    evidence.connection.execute("update message set status = 60 where id = %s", [identifier])
    evidence.ends_session()
    assert "stand behind" in words(evidence.verdict(), "I6")
    evidence.connection.execute("delete from provider_ref")
    assert "stand behind" not in words(evidence.verdict(), "I6")


def test_whoever_stores_no_ids_is_not_excused(evidence):
    """Nothing died: the session lives. Then it did, but the message says that it was taken. Then more are unknown than a window holds."""
    _, _, first = evidence.sent()
    evidence.connection.execute("update message set status = 60 where id = %s", [first])
    evidence.connection.execute("delete from provider_ref")
    assert "1 messages stand behind" in words(evidence.verdict(), "I6")
    for _ in range(2):
        evidence.sent()
    evidence.ends_session()
    evidence.connection.execute("delete from provider_ref")
    evidence.connection.execute("update message set status = 40 where id = %s", [first])
    assert "1 messages stand behind" in words(evidence.verdict(), "I6")
    evidence.connection.execute("update message set status = 60")
    assert "1 messages stand behind" in words(evidence.verdict(), "I6"), "the window is two"


# ── I5: marketing keeps to the hours ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("to", "zone", "at", "kept"),
    [
        pytest.param("447911000020", "", "2026-01-05T19:59:59+00:00", True, id="London, winter, a second before the end"),
        pytest.param("447911000020", "", "2026-01-05T20:00:00+00:00", False, id="and at the end"),
        pytest.param("447911000020", "", "2026-07-06T19:30:00+00:00", False, id="London, summer: half past eight"),
        pytest.param("447911000020", "", "2026-07-04T17:30:00+00:00", False, id="London, a Saturday evening"),
        pytest.param("447911000020", "Asia/Ho_Chi_Minh", "2026-01-05T15:00:00+00:00", False, id="the card says Saigon: ten at night"),
        pytest.param("447911000020", "Asia/Ho_Chi_Minh", "2026-01-05T03:00:00+00:00", True, id="ten in the morning there"),
        pytest.param("12025550123", "", "2026-03-08T12:30:00+00:00", True, id="New York, the day the clock goes forward"),
        pytest.param("12025550123", "", "2026-03-07T12:30:00+00:00", False, id="and the day before: half past seven"),
        pytest.param("61412345678", "", "2026-01-05T22:30:00+00:00", False, id="Australia: too early in its west"),
    ],
)
def test_marketing_outside_the_recipients_hours_is_named(evidence, to, zone, at, kept):
    identifier = evidence.message(to, "Half price today", status=40, purpose=1)
    if zone:
        evidence.connection.execute("delete from contact")
        evidence.insert(
            "contact", id=CONTACT, first_name="", last_name="", language="", time_zone=zone, attributes="{}", blocked=False, search_text=""
        )  # fmt: skip
    evidence.attempt(identifier)
    evidence.submit(to, "Half price today", provider_id="h", at=int(datetime.fromisoformat(at).timestamp() * 1e9))
    verdict = evidence.verdict()
    assert (words(verdict, "I5") == "") is kept
    assert verdict.counts["marketing texts"] == 1
    if not kept:
        assert "1 marketing texts left outside the hours of their recipients" in words(verdict, "I5")


@pytest.mark.parametrize(("late", "kept"), [(-1, True), (249, True), (251, False)])
def test_a_promotion_after_the_workspaces_own_hours_is_named(evidence, late, kept):
    closes = int(datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp() * 1e9)
    campaign = new_id()
    evidence.ledger.note("closing", campaign=str(campaign), closes=closes)
    evidence.attempt(evidence.message("447911000022", "Half price today", status=40, purpose=1, campaign=campaign))
    evidence.submit("447911000022", "Half price today", provider_id="o", at=closes + late * 1_000_000)
    assert ("had ended" not in words(evidence.verdict(), "I5")) is kept


def test_a_notice_may_leave_at_night(evidence):
    identifier = evidence.message("447911000021", "Your car is ready", status=40)
    evidence.attempt(identifier)
    evidence.submit("447911000021", "Your car is ready", provider_id="n", at=int(datetime(2026, 1, 5, 23, tzinfo=UTC).timestamp() * 1e9))
    assert evidence.verdict().breaches == []


def test_a_receipt_left_with_the_carrier_is_named_unless_the_carrier_died(evidence):
    evidence.deliver(receipt(77, "447911000011", "p77"), answered=False)
    assert "1 receipts were delivered and never acknowledged" in words(evidence.verdict(), "I6")
    evidence.ends_session()
    assert "1 receipts were delivered and never acknowledged" in words(evidence.verdict(), "I6"), "it waits for the next session"
    evidence.starts_carrier_again()
    assert evidence.verdict().breaches == [], "whoever had it to deliver is no more"
    evidence.deliver(receipt(78, "447911000011", "p77"), answered=False)
    assert "1 receipts were delivered and never acknowledged" in words(evidence.verdict(), "I6"), "its successor delivers it once more"


def test_two_long_texts_with_one_reference_share_a_part_and_are_not_doubled(evidence):
    source = "447950000301"

    def part(number, text):
        frame = pdu(
            "deliver_sm", next(evidence.sequences), esm_class=0x40, source_addr=source, destination_addr="1234",
            short_message=bytes((5, 0, 3, 7, 2, number)) + gsm.gsm_encode(text),
        )  # fmt: skip
        evidence.deliver(frame)
        return frame

    _, first = evidence.heard("another")
    [conversation] = evidence.connection.execute("select conversation_id from message where raw = %s", [first]).fetchone()
    for question in ("Question 1: ", "Question 2: "):
        raw = part(1, question) + part(2, "a longer story")
        evidence.message(source, question + "a longer story", direction=1, status=100, conversation=conversation, raw=raw)
    assert evidence.verdict().of("I9") == []
    evidence.message(source, "Question 2: a longer story", direction=1, status=100, conversation=conversation, raw=raw)
    assert "stored twice" in words(evidence.verdict(), "I9")


def test_inbound_lost_doubled_or_in_other_words_is_named(evidence):
    evidence.heard(stored=False)
    source, frame = evidence.heard()
    conversation = evidence.connection.execute("select conversation_id from message where address = %s", [f"+{source}"]).fetchone()[0]
    evidence.message(source, "Is it ready?", direction=1, status=100, conversation=conversation, raw=frame)
    _, other = evidence.heard("Plain")
    evidence.connection.execute("update message set body = 'Plane' where raw = %s", [other])
    found = words(evidence.verdict(), "I9")
    assert "1 inbound texts were acknowledged and are lost" in found
    assert "1 inbound texts were stored twice" in found
    assert "1 inbound texts are stored in other words" in found


def test_long_and_greek_and_escaped_texts_are_read_as_written(evidence):
    evidence.heard("€ {braces} [é]")
    frame = pdu(
        "deliver_sm", 900, source_addr="447950999999", destination_addr="1", data_coding=8, short_message="ευχαριστώ 👍".encode("utf-16-be")
    )
    evidence.deliver(frame)
    conversation = evidence.connection.execute("select id from conversation limit 1").fetchone()[0]
    evidence.message("447950999999", "ευχαριστώ 👍", direction=1, status=100, conversation=conversation, raw=frame)
    assert evidence.verdict().breaches == []


def test_parts_of_a_long_text_make_one_message(evidence):
    text = "Long story. " * 20
    halves = [text[:150], text[150:]]
    identifier = evidence.message("447911000013", text, status=40)
    evidence.connection.execute("update message set segments = 2 where id = %s", [identifier])
    for number, half in enumerate(halves, 1):
        header = bytes((5, 0, 3, 7, 2, number))
        evidence.frame(
            Kind.READ,
            pdu("submit_sm", 800 + number, destination_addr="447911000013", esm_class=0x40, short_message=header + gsm.gsm_encode(half)),
        )
        evidence.frame(Kind.WRITTEN, pdu("submit_sm_resp", 800 + number, message_id=f"x{number}"))
    assert evidence.verdict().breaches == []


def test_a_carrier_that_died_ends_its_sessions_and_one_that_rotates_its_log_does_not(evidence):
    evidence.sent()
    evidence.starts_carrier_again()
    assert evidence.verdict().counts["sessions lost"] == 1
    evidence.rotates_log()
    evidence.sent()
    assert evidence.verdict().counts["sessions lost"] == 1


def test_a_damaged_log_is_no_evidence(evidence):
    evidence.sent()
    path = next((evidence.folder / "phones").glob("frames-*"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(frames.Damaged):
        evidence.verdict()
