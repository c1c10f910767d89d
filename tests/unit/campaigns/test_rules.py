from __future__ import annotations

from uuid import UUID

import pytest

from textfirst.campaigns.rules import may, most_ahead, progress, read_audience, still_waiting, wait_for_room, write_audience
from textfirst.campaigns.types import Counted, Move, State
from textfirst.contacts.types import Audience
from textfirst.core.errors import Conflict
from textfirst.core.languages import ar
from textfirst.messages.types import Status

D, S, P, R, H, C, F = State.DRAFT, State.SCHEDULED, State.PREPARING, State.RUNNING, State.PAUSED, State.CANCELLED, State.DONE
YES, DONE, NO = True, False, None

TABLE = {
    #             draft scheduled preparing running paused cancelled done
    Move.EDIT: (YES, YES, NO, NO, NO, NO, NO),
    Move.START: (YES, YES, DONE, DONE, NO, NO, NO),
    Move.PAUSE: (NO, YES, YES, YES, DONE, NO, NO),
    Move.RESUME: (NO, NO, DONE, DONE, YES, NO, NO),
    Move.CANCEL: (NO, YES, YES, YES, YES, DONE, NO),
    Move.DELETE: (YES, YES, NO, NO, NO, NO, NO),
}


@pytest.mark.parametrize("move", Move)
def test_every_move_in_every_state(move):
    for state, allowed in zip((D, S, P, R, H, C, F), TABLE[move], strict=True):
        if allowed is NO:
            with pytest.raises(Conflict) as refused:
                may(move, state)
            assert (refused.value.code, refused.value.message in ar.SENTENCES) == ("campaign_state", True)
        else:
            assert may(move, state) is allowed, state


@pytest.mark.parametrize(("rate", "most"), [(0, 10_000), (1, 100), (10, 100), (50, 500), (2000, 20_000)])
def test_room_ahead_of_the_carrier(rate, most):
    assert most_ahead(rate) == most


@pytest.mark.parametrize(("rate", "wanted", "seconds"), [(0, 1000, 0.2), (100, 1000, 10.0), (1, 1000, 30.0)])
def test_waiting_for_room(rate, wanted, seconds):
    assert wait_for_room(rate, wanted) == seconds


COUNTED = [
    Counted(Status.QUEUED, "", 40, 80), Counted(Status.ACCEPTED, "", 10, 20), Counted(Status.DELIVERED, "", 30, 60),
    Counted(Status.UNDELIVERABLE, "undeliverable:err 001", 3, 6), Counted(Status.UNDELIVERABLE, "undeliverable:err 002", 2, 4),
    Counted(Status.UNKNOWN, "not_answered", 1, 2), Counted(Status.SUPPRESSED, "stopped", 4, 8),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "waiting", "not_sent", "reasons"),
    [
        (R, 50, 4, {"undeliverable": 5, "stopped": 4, "not_answered": 1}),
        (C, 40, 14, {"cancelled": 10, "undeliverable": 5, "stopped": 4, "not_answered": 1}),
    ],
)
def test_progress(state, waiting, not_sent, reasons):
    found = progress(COUNTED, 100, state)
    assert found.shown == {"waiting": waiting, "sent": 10, "delivered": 30, "read": 0, "not_delivered": 6, "not_sent": not_sent}
    assert sum(found.shown.values()) == 100
    assert (found.reasons, list(found.reasons) == sorted(found.reasons, key=found.reasons.get, reverse=True)) == (reasons, True)
    assert found.segments == 80 + 20 + 60 + 6 + 4 + 2


def test_nothing_counted_yet():
    assert progress([], 7, P).shown == {"waiting": 7, "sent": 0, "delivered": 0, "read": 0, "not_delivered": 0, "not_sent": 0}
    assert progress([], 0, D).segments == 0


def test_what_still_waits():
    assert still_waiting(COUNTED) == 40


def test_an_audience_is_kept_and_read():
    audience = Audience(False, (UUID(int=1),), (UUID(int=2), UUID(int=3)), ())
    assert read_audience(write_audience(audience)) == audience
    assert read_audience({}) == Audience()
