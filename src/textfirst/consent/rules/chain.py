"""What the ledger's chain is made of: digests, a tree over each batch, and a seal that holds on to the one before.

Everything hashed is a row of netstrings (`3:abc,`; `-,` for nothing), so that it can be cut in one way only. Bytes are written as hexadecimal,
moments as microseconds since 1970, ids as usual; all in UTF-8.

    digest = SHA-256(salt, address, words, origin, ip, user_agent, note)             of the personal row; the salt is 32 random bytes
    leaf   = SHA-256(0x00, the fields of the entry in the order of FIELDS)
    node   = SHA-256(0x01, left, right)                                              the tree of RFC 9162: an odd one rises as it is
    seal   = SHA-256(0x02, workspace, number, entries, root, previous, sealed_at)

`consent_digest` in the database says the first of these in SQL, for statements that write many; docs/reference/verify_evidence.py says all of
them again, for people who do not trust this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

FIELDS = (
    "id", "kind", "scope", "channels", "address_hash", "contact_id", "channel_id", "message_id", "source", "keyword", "text_hash", "language",
    "by_user_id", "at", "expires_at", "digest",
)  # fmt: skip
PERSONAL = ("address", "words", "origin", "ip", "user_agent", "note")
NOTHING_BEFORE = bytes(32)  # what the first seal names as the one before

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest(salt: bytes, personal: Sequence[str]) -> bytes:
    """What an entry keeps of its personal row; values in the order of PERSONAL."""
    return sha256(salt + _row(personal)).digest()


def leaf(fields: Sequence[str | None]) -> bytes:
    """An entry in its batch; values in the order of FIELDS, as `sql/leaves.sql` writes them."""
    return sha256(b"\x00" + _row(fields)).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of a batch; at least one leaf."""
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], place: int) -> list[tuple[str, bytes]]:
    """What has to be put to the left or right of a leaf, one after the other, to arrive at the root."""
    steps: list[tuple[str, bytes]] = []
    level = list(leaves)
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            steps.append(("left" if beside < place else "right", level[beside]))
        level, place = _above(level), place // 2
    return steps


def climbed(start: bytes, steps: Iterable[tuple[str, bytes]]) -> bytes:
    """The root that a leaf and its path arrive at."""
    for side, beside in steps:
        start = _node(beside, start) if side == "left" else _node(start, beside)
    return start


@dataclass(frozen=True, slots=True)
class Link:
    """What a seal says: of a batch, and of the seal before it."""

    workspace_id: UUID
    number: int  # from 1
    entries: int
    root: bytes
    previous: bytes
    sealed_at: datetime

    def seal(self) -> bytes:
        fields = (self.workspace_id, self.number, self.entries, self.root.hex(), self.previous.hex(), microseconds(self.sealed_at))
        return sha256(b"\x02" + _row(map(str, fields))).digest()


def microseconds(at: datetime) -> int:
    """Since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def text_hash(words: str) -> bytes:
    """What an entry names the words by that people were shown."""
    return sha256(words.encode()).digest()


def _row(values: Iterable[str | None]) -> bytes:
    return b"".join(b"-," if value is None else b"%d:%b," % (len(raw := value.encode()), raw) for value in values)


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
