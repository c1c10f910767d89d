"""Identifiers made many at once."""

from __future__ import annotations

from datetime import UTC, datetime

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


def test_none_are_none() -> None:
    assert new_ids(0) == []
