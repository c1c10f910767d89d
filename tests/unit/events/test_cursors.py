from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from textfirst.core.ids import earliest_id
from textfirst.events.rules import cursor_text, first_cursor, is_too_old, read_cursor
from textfirst.events.types import Cursor

ID = UUID("01930000-0000-7000-8000-000000000001")


def test_text_and_back():
    assert cursor_text(Cursor(731, ID)) == f"731-{ID}"
    assert read_cursor(f"731-{ID}") == Cursor(731, ID)
    assert read_cursor(cursor_text(first_cursor(9))) is not None


@pytest.mark.parametrize("text", ["", "731", "731-", "731-x", f"-{ID}", f"-5-{ID}", f"{2**63}-{ID}", "١٢-", "null"])
def test_nonsense_is_no_cursor(text):
    assert read_cursor(text) is None


def test_age():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert not is_too_old(Cursor(1, earliest_id(now - timedelta(hours=23))), now)
    assert is_too_old(Cursor(1, earliest_id(now - timedelta(hours=25))), now)
