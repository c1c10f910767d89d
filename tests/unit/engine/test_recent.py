"""What was handed over a moment ago."""

from __future__ import annotations

from textfirst.core.ids import new_id
from textfirst.engine import recent
from textfirst.engine.recent import Recent, Sent, agree, tail
from textfirst.messages.types import Status


def sent(address: str = "+306912345678", *, attempt: int = 1, until: float = 2.0) -> Sent:
    return Sent(new_id(), attempt, 7, 1, tail(address), until)


def test_it_is_found_by_id_and_address() -> None:
    remembered, one = Recent(), sent()
    remembered.remember("77", one)
    assert remembered.find("77", ("306912345678", "10001")) is one
    assert remembered.find("77", ("10001", "0030 6912345678")) is one  # some carriers swap the addresses
    assert remembered.find("77", ("306900000000", "10001")) is None
    assert remembered.find("78", ("306912345678",)) is None


def test_of_a_reused_id_the_newest_counts() -> None:
    remembered, newer = Recent(), sent(attempt=2)
    remembered.remember("77", sent())
    remembered.remember("77", newer)
    assert remembered.find("77", ("306912345678",)) is newer


def test_what_no_receipt_came_for_is_overdue_and_holds_the_settled_point_back() -> None:
    remembered, first, second = Recent(), sent(attempt=1, until=2.0), sent(attempt=2, until=3.0)
    remembered.remember("1", first)
    remembered.remember("2", second)
    assert (remembered.oldest_unsaid, list(remembered.overdue(1.9)), list(remembered.overdue(2.5))) == (1, [], [first])
    remembered.said(first, Status.ACCEPTED)
    assert (remembered.oldest_unsaid, first.status) == (2, Status.ACCEPTED)
    assert remembered.find("1", ("306912345678",)) is first  # its receipt may still come
    remembered.said(second, Status.DELIVERED)
    assert remembered.oldest_unsaid is None


def test_memory_is_bounded_but_nothing_unsaid_is_forgotten() -> None:
    remembered = Recent()
    for number in range(recent.MOST + 10):
        remembered.remember(str(number), sent(attempt=number))
    assert len(remembered) == recent.MOST
    assert remembered.find("9", ("306912345678",)) is None
    assert remembered.oldest_unsaid == 0


def test_addresses_agree_by_their_last_digits() -> None:
    assert tail("+44 (0)7912 345 678") == "12345678"
    assert tail("+447900000012") == "00000012"
    assert tail("0012345") == "12345"
    assert agree(tail("+447912345678"), "07912345678")
    assert agree(tail("+447912345678"), "BRAND")  # no digits: nothing to disagree with
    assert not agree(tail("+447912345678"), "+447912345679")
