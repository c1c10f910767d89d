"""Logs: one JSON object a line on standard error, for whoever started the process to keep.

Two walls keep people out of the logs: code logs ids and codes, never text or addresses; and this formatter masks whatever still looks like a
phone number, in the message, in every field and in tracebacks.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback

from pythonjsonlogger.json import JsonFormatter

# Seven digits and more, with the separators people write; UUIDs and dates have letters or few digits between their dashes.
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(\+?\d{2,5})[\d ().]{2,}(\d{2})(?![0-9A-Za-z-])")
_LONG_ENOUGH = 7  # digits


def origin(error: BaseException) -> dict[str, str]:
    """For `extra`: what kind of error, and the lines it passed. Without its words, for a mistake in reading a text may quote it."""
    return {"error": type(error).__name__, "passed": "".join(traceback.format_tb(error.__traceback__))}


def mask_numbers(text: str) -> str:
    """`+84901234512` becomes `+8490***12`; shorter digit groups stay, so that ports and counts can be read."""
    return _NUMBER.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return f"{found[1]}***{found[2]}" if digits >= _LONG_ENOUGH else found[0]


class MaskingFormatter(JsonFormatter):
    """JSON with every line masked after it is formatted: nothing is added later that could escape."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


def set_up_logs(process: str, *, level: int = logging.INFO) -> None:
    """Send this process's log to standard error as JSON lines with its name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        MaskingFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            static_fields={"process": process},
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("httpcore", "httpx", "asyncio", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
