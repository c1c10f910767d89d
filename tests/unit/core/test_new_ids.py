"""Identifiers made many at once."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from textfirst.core import ids
from textfirst.core.ids import id_time, new_id, new_ids


def test_they_rise_within_and_across_batches_and_single_ones() -> None:
    made = [new_id(), *new_ids(1000), new_id(), *new_ids(3), *new_ids(1), new_id()]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_each_is_a_uuid_of_version_seven_made_now() -> None:
    for one in new_ids(500):
        assert (one.version, one.variant) == (7, "specified in RFC 4122")
        assert abs((id_time(one) - datetime.now(UTC)).total_seconds()) < 5
        assert type(one)(str(one)) == one


def test_a_forked_process_does_not_count_on_from_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a clock that was set back: whatever the parent made last lies ahead."""
    ahead = new_id().int + (3_600_000 << 80)
    monkeypatch.setattr(ids, "_last", ahead)
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, new_id().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert int.from_bytes(os.read(reader, 16), "big") < ahead < new_id().int


def test_none_are_none() -> None:
    assert new_ids(0) == []
