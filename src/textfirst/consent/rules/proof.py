"""What a person of the team or a program must bring when they write down a permission."""

from __future__ import annotations

from datetime import datetime, timedelta

from textfirst.consent.rules.scopes import SCOPES, lifts_hours
from textfirst.consent.types import Kind
from textfirst.core.errors import InvalidInput
from textfirst.core.words import Sentence, say

WITHDRAWAL = "withdrawal"
OWN = frozenset({Kind.EXPRESS, Kind.EXPRESS_WRITTEN, Kind.DOUBLE_OPT_IN})  # what people said themselves
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_IMPLIED = {
    Kind.IMPLIED_INQUIRY: timedelta(days=184),
    Kind.IMPLIED_PURCHASE: timedelta(days=731),
}  # Canada, CASL s.10(10): six months, two years


def checked(kind: str, scope: str, *, at: datetime, now: datetime, proof: bool, reason: str, ends: bool = False) -> Kind | None:
    """The kind of permission, None for a withdrawal. Raises InvalidInput naming the field.

    `proof` says whether there is anything that shows it: words shown or written, where it came from, a note; `reason` is an admin's;
    `ends` whether it was said when it ends.
    """
    if scope not in SCOPES:
        raise _wrong("scope", say("The scope is one of: {known}.", known=", ".join(SCOPES)))
    if at > now + CLOCKS_DIFFER:
        raise _wrong("at", say("This moment is still to come."))
    if kind == WITHDRAWAL:
        return None
    found = next((each for each in Kind if each.word == kind), None)
    if found is None:
        raise _wrong("kind", say("The kind is one of: {known}.", known=", ".join([*(each.word for each in Kind), WITHDRAWAL])))
    if lifts_hours(scope) and found not in OWN:
        raise _wrong("kind", say("To be texted at any hour is a wish of their own: nobody else can say it for them."))
    if lifts_hours(scope) and ends:
        raise _wrong("expires_at", say("This wish has no end of its own: it stands until they take it back."))
    if found is Kind.ATTESTED and not reason.strip():
        raise _wrong("note", say("Say why you answer for it: the reason is kept with your name."))
    if found not in {Kind.LEGACY_UNPROVEN, Kind.ATTESTED} and not proof:
        raise _wrong("shown", say("Say how it can be proved: the words they were shown, what they wrote, or where it comes from."))
    return found


def runs_out(kind: Kind, at: datetime, expires_at: datetime | None) -> datetime | None:
    """When a permission ends: as it was said, and an implied one no later than the law lets it last."""
    limit = LONGEST_IMPLIED.get(kind)
    ends = at + limit if limit else None
    return min(expires_at, ends) if expires_at and ends else expires_at or ends


def _wrong(field: str, sentence: Sentence) -> InvalidInput:
    return InvalidInput(sentence, code="consent_invalid", fields={field: sentence})
