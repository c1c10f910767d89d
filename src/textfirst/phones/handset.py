"""Fake phones: what arrived on each, what was typed on it. Memory is bounded; the log of frames keeps the rest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["Handset", "Handsets", "State", "Text"]

TEXTS_PER_PHONE = 100
PHONES = 5_000
TEXTS = 20_000  # over all phones of a channel


class State(Enum):
    """Of a text to the phone: on its way, delivered, failed, lost. Of one typed on it: typed, then sent when we took it."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    FAILED = "failed"
    LOST = "lost"
    TYPED = "typed"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(slots=True)
class Text:
    """A text on a phone's screen; `at` in seconds since 1970. A long one is filled as its parts come."""

    number: int
    typed: bool  # by the phone's owner
    body: str | None  # None: binary
    at: float
    state: State
    parts: int = 1
    parts_done: int = 0

    def part_done(self, state: State) -> bool:
        """Count a part that reached its end; True when the whole text just became `delivered` or `sent`."""
        self.parts_done += 1
        if state is not State.DELIVERED and state is not State.SENT:
            self.state = state
        elif self.parts_done >= self.parts and (self.state is State.ON_ITS_WAY or self.state is State.TYPED):
            self.state = state
            return True
        return False

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.number),
            "from_phone": self.typed,
            "text": self.body,
            "at": self.at,
            "state": self.state.value,
            "parts": self.parts,
        }


class Handset:
    """One phone of one channel."""

    __slots__ = ("address", "last_reply_at", "reference", "sender", "stopped", "texts", "turn")

    def __init__(self, address: str) -> None:
        self.address = address
        self.texts: list[Text] = []  # oldest first
        self.sender = ""  # who wrote to it last: where its answers go
        self.reference = hash(address) & 0xFF  # of its next long text
        self.turn = 0  # how far its persona is
        self.last_reply_at = 0.0
        self.stopped = False

    def summary(self) -> dict[str, Any]:
        last = self.texts[-1] if self.texts else None
        return {"address": self.address, "sender": self.sender, "texts": len(self.texts), "last": last.as_json() if last else None}


class Handsets:
    """The phones touched lately, least recent first; the least recent go when there are too many phones or texts."""

    def __init__(self, *, phones: int = PHONES, texts: int = TEXTS, texts_per_phone: int = TEXTS_PER_PHONE) -> None:
        self._phones: OrderedDict[str, Handset] = OrderedDict()
        self._most_phones = phones
        self._most_texts = texts
        self._texts_per_phone = texts_per_phone
        self._texts = 0

    def __len__(self) -> int:
        return len(self._phones)

    @property
    def texts(self) -> int:
        return self._texts

    def find(self, address: str) -> Handset | None:
        return self._phones.get(address)

    def touch(self, address: str) -> Handset:
        """The phone, made when it is new, and now the latest."""
        phone = self._phones.get(address)
        if phone is None:
            phone = self._phones[address] = Handset(address)
            if len(self._phones) > self._most_phones:
                self._forget_oldest()
        else:
            self._phones.move_to_end(address)
        return phone

    def show(self, phone: Handset, text: Text) -> None:
        """Put a text on the phone's screen."""
        phone.texts.append(text)
        if len(phone.texts) > self._texts_per_phone:
            del phone.texts[0]
        else:
            self._texts += 1
        while self._texts > self._most_texts and len(self._phones) > 1:
            self._forget_oldest()

    def latest(self) -> Iterator[Handset]:
        return reversed(self._phones.values())

    def _forget_oldest(self) -> None:
        _, phone = self._phones.popitem(last=False)
        self._texts -= len(phone.texts)
