"""The evidence pack as a PDF to print or to hand over. The JSON beside it is what can be verified; this is what can be read.

Written with a font of the machine that has Latin, Greek, Vietnamese and Arabic letters (DejaVu Sans, Noto Sans), laid out right to left and
with joined letters where the text asks for it. Where the machine has none, letters outside Latin-1 are shown as "?" and the first page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF

from textfirst.core.words import in_language, say

FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/Library/Fonts/Arial Unicode.ttf", "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)  # fmt: skip
RIGHT_TO_LEFT: Final = ("ar",)


def as_pdf(pack: Mapping[str, Any], language: str) -> bytes:
    """The pack for a reader of `language`."""
    paper = _Paper(language)
    paper.title(say("Evidence of consent"))
    paper.line(say("{name} · made at {at}", name=pack["workspace"]["name"], at=pack["made_at"]))
    if paper.plain:
        paper.line(say("This machine has no font for every letter: some are shown as “?”. The JSON has them all."))
    paper.line(say("Every entry can be verified with the JSON of this pack and the script verify_evidence.py, without us."))
    paper.heading(pack["contact"]["name"] or pack["contact"]["id"])
    for address in pack["addresses"]:
        stopped = ", ".join(address["stopped"]) or "–"
        paper.line(say("{address} · stopped: {stopped}", address=address["address"], stopped=stopped))
    paper.heading(say("What was said about consent"))
    for entry in pack["entries"]:
        _entry(paper, entry)
    paper.heading(say("Messages, and the check before each"))
    for message in pack["messages"]:
        _message(paper, message)
    paper.heading(say("Seals"))
    for seal in pack["seals"]:
        paper.small(f"{seal['number']} · {_moment(seal['sealed_at'])} · {seal['seal']}")
    return paper.whole()


def _entry(paper: _Paper, entry: Mapping[str, Any]) -> None:
    fields, personal, proof = entry["fields"], entry["personal"], entry["proof"]
    paper.strong(f"{_moment(fields['at'])} · {fields['kind']} · {fields['scope']} · {fields['source']}")
    if entry["words"]:
        paper.line(entry["words"])
    if entry["shown"]:
        paper.line(say("They were shown: {words}", words=entry["shown"]))
    if personal is None and fields["digest"]:
        paper.line(say("The personal side of this entry was erased."))
    for name in ("words", "origin", "ip", "user_agent", "note"):
        if personal and personal[name]:
            paper.line(f"{name}: {personal[name]}")
    if entry["by"]:
        paper.line(say("Written down by {name}", name=entry["by"]))
    if fields["expires_at"]:
        paper.line(say("Until {at}", at=_moment(fields["expires_at"])))
    paper.small(f"{fields['id']} · {'–' if proof is None else proof['seal']} · {fields['digest'] or '–'}")


def _message(paper: _Paper, message: Mapping[str, Any]) -> None:
    paper.strong(f"{message['at']} · {message['direction']} · {message['purpose']} · {message['status']} · {message['address']}")
    paper.line(message["text"])
    for decision in message["decisions"]:
        paper.line(f"{decision['at']} · {decision['verdict']}" + (f" · {decision['words']}" if decision["words"] else ""))
        for reason in decision["reasons"]:
            code = " ".join([reason["code"], *(f"{name}={value}" for name, value in reason["facts"].items())])
            if reason["words"]:
                paper.line(reason["words"])
            paper.small(code)


def _moment(microseconds: str) -> str:
    return datetime.fromtimestamp(int(microseconds) / 1e6, UTC).isoformat(timespec="seconds")


class _Paper:
    """Lines of text in the reader's direction."""

    def __init__(self, language: str) -> None:
        self._pdf = FPDF(format="A4")
        self._language = language
        font = _font()
        self.plain = font is None
        if font is not None:
            self._pdf.add_font("text", fname=font)
            self._pdf.set_text_shaping(use_shaping_engine=True)
        self._family = "helvetica" if self.plain else "text"
        self._align = "R" if language.partition("-")[0] in RIGHT_TO_LEFT else "L"
        self._pdf.set_auto_page_break(auto=True, margin=15)
        self._pdf.add_page()

    def whole(self) -> bytes:
        return bytes(self._pdf.output())

    def title(self, text: str) -> None:
        self._write(text, size=18, above=0)

    def heading(self, text: str) -> None:
        self._write(text, size=13, above=6)

    def strong(self, text: str) -> None:
        self._write(text, size=10, above=3)

    def line(self, text: str) -> None:
        self._write(text, size=9, above=0)

    def small(self, text: str) -> None:
        self._write(text, size=7, above=0)

    def _write(self, text: str, *, size: int, above: int) -> None:
        said = in_language(text, self._language)
        if self.plain:
            said = said.encode("latin-1", "replace").decode("latin-1")
        self._pdf.set_font(self._family, size=size)
        if above:
            self._pdf.ln(above)
        self._pdf.multi_cell(0, size * 0.5, said, align=self._align, new_x="LMARGIN", new_y="NEXT")


@cache
def _font() -> str | None:
    return next((path for path in FONTS if Path(path).is_file()), None)
