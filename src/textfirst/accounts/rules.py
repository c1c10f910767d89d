"""Pure decisions about people and keys."""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Iterable
from hashlib import sha256
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS

from textfirst.accounts.types import KeyKind, Role

LANGUAGES = ("en", "ar", "vi", "el", "pl")  # what the product speaks
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # what customers write: BCP 47, near enough
LONGEST_LANGUAGE = 8  # characters, as the column
RETAINED = ("messages", "events", "receipts")  # kinds of data with a retention of their own

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEY_BYTES = 24  # 192 random bits, so the hash needs no salt
BODY_LENGTH = 33  # base62 digits that hold them
CHECKSUM_LENGTH = 6  # base62 digits that hold a CRC-32
KEY_SHAPE = re.compile(rf"tf_(live|test)_[0-9A-Za-z]{{{BODY_LENGTH + CHECKSUM_LENGTH}}}")


def write_key(kind: KeyKind, random: bytes) -> str:
    """`tf_live_` + random + checksum. Scanners that find one in a repository can tell it from chance by the checksum, without asking us."""
    body = f"tf_{kind.value}_{base62(int.from_bytes(random), BODY_LENGTH)}"
    return body + _checksum(body)


def is_key(text: str) -> bool:
    """Whether `text` has the form and checksum of a key; says nothing about whether it is known."""
    return KEY_SHAPE.fullmatch(text) is not None and _checksum(text[:-CHECKSUM_LENGTH]) == text[-CHECKSUM_LENGTH:]


def secret_hash(secret: str) -> bytes:
    """What is stored of a key or an invitation's token."""
    return sha256(secret.encode()).digest()


def base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _checksum(body: str) -> str:
    return base62(crc32(body.encode()), CHECKSUM_LENGTH)


def may_give(giver: Role, role: Role) -> bool:
    """Admins make and unmake everybody but owners; only owners touch owners."""
    return giver.covers(Role.ADMIN) and (role is not Role.OWNER or giver is Role.OWNER)


def leaves_no_owner(others: Iterable[Role], *, was: Role, becomes: Role | None) -> bool:
    """Whether a workspace would lose its last owner when somebody who `was` becomes `becomes` (None: leaves) beside `others`."""
    return was is Role.OWNER and becomes is not Role.OWNER and Role.OWNER not in others


def place_problems(
    *, country: str | None = None, time_zone: str | None = None, language: str | None = None, languages: Iterable[str] = ()
) -> dict[str, str]:
    """A sentence for each field of a workspace that names no real place or language; what is None is not asked."""
    problems = {}
    if country is not None and country not in SUPPORTED_REGIONS:
        problems["country"] = "Choose a country by its two letters, such as GR."
    if time_zone is not None and time_zone not in available_timezones():
        problems["time_zone"] = "Choose a time zone by its place, such as Europe/Athens."
    if language is not None and language not in LANGUAGES:
        problems["language"] = "Choose one of the languages Textfirst speaks."
    if any(not LANGUAGE_TAG.fullmatch(tag) or len(tag) > LONGEST_LANGUAGE for tag in languages):
        problems["languages"] = "Name languages by their short tags, such as en or ar."
    return problems
