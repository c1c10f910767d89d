import json
import logging

import pytest

from textfirst.core.logs import mask_numbers, set_up_logs


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("to +84901234512 now", "to +84901***12 now"),
        ("30 697 123 4567", "30 697***67"),
        ("port 8000 and 123456", "port 8000 and 123456"),
        ("01a20180-9ac4-70ac-af29-1e91b5cb9b20", "01a20180-9ac4-70ac-af29-1e91b5cb9b20"),
        ("2026-11-22T04:14:33", "2026-11-22T04:14:33"),
    ],
)
def test_numbers_are_masked_and_the_rest_is_kept(written, kept):
    masked = mask_numbers(written)
    assert "1234512" not in masked
    assert masked == kept or (written != kept and "***" in masked)


def test_a_traceback_and_a_field_are_masked_too(capsys):
    set_up_logs("front")
    try:
        raise ValueError("no route to +306971234567")
    except ValueError:
        logging.getLogger("t").exception("failed", extra={"to": "+306971234567"})
    line = capsys.readouterr().err.strip()
    record = json.loads(line)
    assert record["process"] == "front"
    assert record["level"] == "ERROR"
    assert "1234567" not in line
    assert "***" in record["to"]
    assert "***" in record["exc_info"]
