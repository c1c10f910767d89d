"""Pure decisions about people and keys."""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Iterable
from hashlib import sha256

from textfirst.accounts.types import KeyKind, Role

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


def leaves_no_owner(others: Iterable[Role], *, becomes: Role | None) -> bool:
    """Whether a workspace would be without an owner when somebody becomes `becomes` (None: leaves) beside `others`."""
    return becomes is not Role.OWNER and Role.OWNER not in others
