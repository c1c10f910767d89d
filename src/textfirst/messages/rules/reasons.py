"""Why a message was not sent or not delivered: a stable code is stored, its text is made when read.

A code may carry the carrier's own word after a colon: `carrier_refused:0x00000045`. The texts are marked for translation; whoever shows
one translates it (the console by gettext in the reader's language).
"""

from __future__ import annotations

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Marks `text` for extraction and leaves it as it is."""
    return text


REASONS: dict[str, str] = {
    "stopped": gettext_noop("They told us to stop. Nobody can text them until they write START."),
    "blocked": gettext_noop("This contact is blocked. Unblock them to text them."),
    "no_number": gettext_noop("This contact has no phone number."),
    "no_channel": gettext_noop("No channel is connected to send with. Add one under Channels."),
    "channel_off": gettext_noop("The channel is switched off. Switch it on under Channels."),
    "expired": gettext_noop("It was no longer worth sending when its turn came."),
    "too_many": gettext_noop("This person was texted too often lately. It leaves as soon as there is room again."),
    "scheduled": gettext_noop("It is planned for later."),
    "cancelled": gettext_noop("It was cancelled before it left."),
    "number_refused": gettext_noop("The carrier says that this number cannot be texted."),
    "sender_refused": gettext_noop("The carrier does not accept our sender number. Check the channel."),
    "carrier_refused": gettext_noop("The carrier refused it."),
    "not_answered": gettext_noop("The carrier never answered. It may have been delivered."),
    "undeliverable": gettext_noop("The phone could not be reached."),
    "rejected_by_carrier": gettext_noop("The carrier took it and then rejected it."),
    "too_long": gettext_noop("The text is too long."),
    "empty": gettext_noop("With this contact's details the text would be empty."),
    "text_failed": gettext_noop("The text cannot be made with this contact's details."),
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
