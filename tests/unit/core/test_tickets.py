from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from textfirst.core.errors import NotAllowed
from textfirst.core.tickets import TICKET_LIFE, Ticket, read_ticket, write_ticket

KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TICKET = Ticket(uuid4(), uuid4(), "session")


def test_a_ticket_is_read_back_whole():
    assert read_ticket(write_ticket(TICKET, key=KEY, now=NOW), key=KEY, now=NOW) == TICKET


def test_it_lives_half_a_minute():
    text = write_ticket(TICKET, key=KEY, now=NOW)
    read_ticket(text, key=KEY, now=NOW + timedelta(seconds=TICKET_LIFE))
    with pytest.raises(NotAllowed) as refused:
        read_ticket(text, key=KEY, now=NOW + timedelta(seconds=TICKET_LIFE + 1))
    assert refused.value.code == "ticket_expired"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-4] + "AAA=",
        lambda t: "x" + t,
        lambda t: t.split(".")[0],
        lambda t: t + ".x",
        lambda _: "",
        lambda _: "é.é",
        lambda _: "e30=.e30=",
    ],
)
def test_anything_else_is_refused_in_the_same_words(spoil):
    with pytest.raises(NotAllowed) as refused:
        read_ticket(spoil(write_ticket(TICKET, key=KEY, now=NOW)), key=KEY, now=NOW)
    assert refused.value.code == "ticket_invalid"


def test_another_key_opens_nothing():
    with pytest.raises(NotAllowed):
        read_ticket(write_ticket(TICKET, key=b"o" * 32, now=NOW), key=KEY, now=NOW)
