"""Where a person is reached: a scheme and an address, `tel:+306941234567`.

Numbers come from keyboards, spreadsheets and carriers: with spaces, in Arabic-Indic digits, without the country code, as `tel:` URIs (RFC 3966),
shortened by Excel. `read_number` makes E.164 of them, or says in a sentence why it cannot.

A number written with its country code is taken when its length is possible there, for numbering plans change faster than libraries do, and the
carrier will say. One written without is taken only when the plan knows it: there, the country code is our own guess.
"""

from __future__ import annotations

import hmac
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote
from uuid import UUID

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, ValidationResult

from textfirst.core.errors import InvalidInput
from textfirst.core.words import say

TEL = "tel"
LONGEST_TYPED = 60  # characters; more cannot be one number, and the library refuses 250 only after work

# Why something cannot be a phone number. `number` is what was written, `country` the country it was read with.
SENTENCES = {
    "number_missing": "There is no phone number.",
    "number_letters": "“{number}” is not a phone number: it has letters in it.",
    "number_too_short": "“{number}” is too short to be a phone number.",
    "number_too_long": "“{number}” is too long to be a phone number.",
    "number_country_unknown": "“{number}” begins with a country code that does not exist.",
    "number_not_local": "“{number}” is not a number of {country}. If it is from another country, begin with + and the country code.",
    "number_shortened": "“{number}” was shortened by a spreadsheet and its last digits are lost. Make the column text and enter the number again.",
    "number_several": "“{number}” is more than one number. Put each in a column of its own.",
    "number_extension": "“{number}” has an extension, which a text cannot reach.",
    "number_not_one": "“{number}” is not a phone number.",
    "scheme_unknown": "“{urn}” is not an address we can write to. Write a number as tel:+306941234567.",
}

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORTENED = re.compile(r"[0-9]+[.,]?[0-9]*[eE]\+?[0-9]{1,2}")
_WHOLE_FLOAT = re.compile(r"([0-9]{6,15})[.,]0+")
_SEVERAL = re.compile(r"[/;,|&\n]|\s(?:or|and|ή|lub|أو|hoặc)\s")
_LETTER = re.compile(r"[^\W\d_]")
_SCHEME = re.compile(r"([a-z]{2,16}):(?!//)", re.IGNORECASE)
_REASONS = {
    ValidationResult.TOO_SHORT: "number_too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "number_too_short",  # without its area code
    ValidationResult.TOO_LONG: "number_too_long",
    ValidationResult.INVALID_COUNTRY_CODE: "number_country_unknown",
    ValidationResult.INVALID_LENGTH: "number_not_one",
}
_PARSE_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: "number_country_unknown",
    NumberParseException.TOO_SHORT_NSN: "number_too_short",
    NumberParseException.TOO_SHORT_AFTER_IDD: "number_too_short",
    NumberParseException.TOO_LONG: "number_too_long",
    NumberParseException.NOT_A_NUMBER: "number_not_one",
}


class Address(NamedTuple):
    """One way to reach somebody."""

    scheme: str
    address: str

    @property
    def urn(self) -> str:
        return f"{self.scheme}:{self.address}"


class NumberInvalid(InvalidInput):
    """What was written cannot be a phone number; `code` says why, `facts` with which values."""

    def __init__(self, code: str, **facts: str) -> None:
        sentence = say(SENTENCES[code], **facts)
        super().__init__(sentence, code=code, fields={"phone": sentence})
        self.facts = facts


def read_number(text: str, country: str) -> Address:
    """The phone number in `text`, E.164, read as people of `country` (ISO 3166) write it. Raises NumberInvalid."""
    written = _written(text)
    if _E164.fullmatch(written) and _is_plain(written):
        return Address(TEL, written)
    if not written:
        raise NumberInvalid("number_missing")
    if len(written) > LONGEST_TYPED:
        raise NumberInvalid("number_too_long", number=f"{written[:LONGEST_TYPED]}…")
    number = _parse(written, country)
    international = number.country_code_source != phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY
    _check(written, number, country, international=international)
    return Address(TEL, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def read_urn(text: str, country: str) -> Address:
    """The address of a URN. Raises NumberInvalid for a number that is none and for a scheme that nothing here can reach."""
    if _E164.fullmatch(text) and _is_plain(text):
        return Address(TEL, text)  # as programs write it
    found = _SCHEME.match(text.strip())
    if found and found[1].lower() != TEL:
        raise NumberInvalid("scheme_unknown", urn=text.strip()[:LONGEST_TYPED])
    return read_number(text, country)


def is_number(text: str, country: str) -> bool:
    """Whether `read_number` takes it."""
    try:
        read_number(text, country)
    except NumberInvalid:
        return False
    return True


def address_hash(key: bytes, workspace_id: UUID, address: Address) -> bytes:
    """What a suppression is kept under after everything else about a person is erased: HMAC-SHA256, different in every workspace.

    `key` is `derived_key(keys_file, "address")`.
    """
    return hmac.digest(key, workspace_id.bytes + address.urn.encode(), "sha256")


def masked(address: str) -> str:
    """For logs and for people who need not see all of it: `+8490***12`."""
    shown = min(5, len(address) // 3)
    return f"{address[:shown]}***{address[-2:] if len(address) > 6 else ''}"


def displayed(address: str) -> str:
    """As people write it, with its country code: `+84 90 123 45 67`. What is no number is left alone."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(address), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return address


def country_of(address: str) -> str:
    """ISO 3166 code of the country a number belongs to, or nothing when its plan does not say."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(address)) or ""
    except NumberParseException:
        return ""


def is_country(code: str) -> bool:
    """Whether numbers can be read with this country (ISO 3166, two capital letters)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def _written(text: str) -> str:
    """What was written, without the scheme of a URI, without what spreadsheets add."""
    written = text.replace("\x00", "").strip()
    if _E164.fullmatch(written):
        return written
    if written[:4].lower() == "tel:":
        written = unquote(written[4:]).partition(";")[0].strip()
    float_of_a_spreadsheet = _WHOLE_FLOAT.fullmatch(written)
    return float_of_a_spreadsheet[1] if float_of_a_spreadsheet else written


def _is_plain(written: str) -> bool:
    """Whether an E.164 number is what the library would make of it: a possible length, and nothing its country writes in front at home.

    Programs send such numbers only, thousands a second; parsing one takes the library a hundred times as long.
    """
    plan = _plan_of(written[1:4])
    if plan is None:
        return False
    digits, lengths, at_home = plan
    national = written[digits:]
    return len(national) in lengths and national[0] != "0" and not (at_home and at_home.match(national))


@cache
def _plan_of(digits: str) -> tuple[int, frozenset[int], re.Pattern[str] | None] | None:
    """Of the first three digits: where the national number begins behind the plus, its lengths, and what may stand before it at home; None for no country code."""
    for end in (1, 2, 3):  # country codes have one to three digits and none begins another
        plan = _plan(digits[:end])
        if plan is not None:
            return (end + 1, *plan)
    return None


def _plan(code: str) -> tuple[frozenset[int], re.Pattern[str] | None] | None:
    """Lengths of numbers in a country code, and what may stand before them inside it; None when there is no such code."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    known = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if known is None or known.general_desc is None:
        return None
    at_home = known.national_prefix_for_parsing
    return frozenset(known.general_desc.possible_length), re.compile(at_home) if at_home else None


def _parse(written: str, country: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(written, country, keep_raw_input=True)
    except NumberParseException as error:
        raise _refused(written, country, _PARSE_REASONS[error.error_type]) from None
    if _LETTER.search(written) or number.extension:
        raise _refused(written, country, "number_extension" if number.extension else "number_letters")
    return number


def _check(written: str, number: phonenumbers.PhoneNumber, country: str, *, international: bool) -> None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != ValidationResult.IS_POSSIBLE:
        foreign = not international and possible == ValidationResult.TOO_LONG  # most likely its + was lost
        raise _refused(written, country, "number_not_local" if foreign else _REASONS[possible])
    if not international and not phonenumbers.is_valid_number(number):
        raise _refused(written, country, "number_not_local")


def _refused(written: str, country: str, code: str) -> NumberInvalid:
    """The reason that helps most: what is visible in the text comes before what the library said."""
    if _SHORTENED.fullmatch(written):
        code = "number_shortened"
    elif code != "number_extension" and _LETTER.search(_SEVERAL.sub("", written)):
        code = "number_letters"
    elif _is_several(written, country):
        code = "number_several"
    facts = {"number": written, **({"country": country} if code == "number_not_local" else {})}
    return NumberInvalid(code, **facts)


def _is_several(written: str, country: str) -> bool:
    parts = [part for part in _SEVERAL.split(written) if part.strip()]
    return len(parts) > 1 and all(is_number(part, country) for part in parts)
