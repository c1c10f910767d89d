"""Why a message was not sent or not delivered: a stable code is stored, its text is made when read.

A code may carry the carrier's own word after a colon: `carrier_refused:0x00000045`. The texts are marked for translation; whoever shows
one translates it (the console by gettext in the reader's language).
"""

from __future__ import annotations

from dataclasses import dataclass

from textfirst.decisions.why import HEADLINES, PLAIN


def gettext_noop(text: str) -> str:
    """Marks `text` for extraction and leaves it as it is."""
    return text


REASONS: dict[str, str] = {
    **{code.word: text for code, text in {**PLAIN, **HEADLINES}.items()},  # of the codes of a decision
    "scheduled": gettext_noop("It is planned for later."),
    "cancelled": gettext_noop("It was cancelled before it left."),
    "number_refused": gettext_noop("The carrier says that this number cannot be texted."),
    "sender_refused": gettext_noop("The carrier does not accept our sender number. Check the channel."),
    "carrier_refused": gettext_noop("The carrier refused it."),
    "not_answered": gettext_noop("The carrier never answered. It may have been delivered."),
    "undeliverable": gettext_noop("The phone could not be reached."),
    "rejected_by_carrier": gettext_noop("The carrier took it and then rejected it."),
    "our_fault": gettext_noop("Something went wrong on our side. The log of the engine says more."),
}
UNKNOWN_REASON = gettext_noop("It was not delivered.")


@dataclass(frozen=True, slots=True)
class Reason:
    """A stored reason taken apart."""

    code: str
    text: str  # English, to be translated
    detail: str  # the carrier's own word, or empty


def read_reason(stored: str | None) -> Reason | None:
    """The reason in a message's `reason` column; None when there is none."""
    if not stored:
        return None
    code, _, detail = stored.partition(":")
    return Reason(code, REASONS.get(code, UNKNOWN_REASON), detail)
