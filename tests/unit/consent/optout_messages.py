"""The labelled messages of `tests/data/optout`, and which of them are held out."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "optout"
PRODUCT_LANGUAGES = ("en", "ar", "vi", "el", "pl")
LANGUAGES = (*PRODUCT_LANGUAGES, "es", "fr", "de", "pt")


@dataclass(frozen=True, slots=True)
class Labelled:
    language: str
    verdict: str  # stop, hold, ordinary
    kind: str  # exact, phrase, scoped, near_miss, plain
    text: str

    @property
    def held_out(self) -> bool:
        return sha256(f"{self.language}\t{self.text}".encode()).digest()[0] % 3 == 0


def read(folder: Path = FOLDER) -> list[Labelled]:
    return [Labelled(*line.split("\t")) for language in LANGUAGES for line in (folder / f"{language}.tsv").read_text("utf-8").splitlines()]


def split() -> tuple[list[Labelled], list[Labelled]]:
    """(to tune on, held out)"""
    messages = read()
    return [one for one in messages if not one.held_out], [one for one in messages if one.held_out]
