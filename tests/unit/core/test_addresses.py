"""Phone numbers as people, spreadsheets and carriers write them."""

from __future__ import annotations

import time
from uuid import UUID

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textfirst.core import addresses
from textfirst.core.addresses import (
    _E164,
    SENTENCES,
    Address,
    NumberInvalid,
    _is_plain,
    address_hash,
    country_of,
    displayed,
    is_country,
    masked,
    read_number,
    read_urn,
)
from textfirst.core.words import in_language

READ = [
    ("+84901234567", "GR", "+84901234567"),
    ("090 123 45 67", "VN", "+84901234567"),
    ("0084 90 123 4567", "VN", "+84901234567"),
    ("84901234567", "VN", "+84901234567"),  # the + was lost
    ("84901234567.0", "VN", "+84901234567"),  # a float of a spreadsheet
    ("+84 (0) 901 234 567", "GR", "+84901234567"),
    ("694 123 4567", "GR", "+306941234567"),
    ("601-234-567", "PL", "+48601234567"),
    ("(212) 555-2368", "US", "+12125552368"),
    ("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567"),  # Arabic-Indic
    ("۰۵۰۱۲۳۴۵۶۷", "AE", "+971501234567"),  # extended, as in Persian and Urdu
    ("+٩٧١٥٠١٢٣٤٥٦٧", "GR", "+971501234567"),
    ("＋３０６９４１２３４５６７", "US", "+306941234567"),  # full width
    ("tel:+30-694-123-4567", "US", "+306941234567"),
    ("TEL:6941234567", "GR", "+306941234567"),
    ("tel:+30%206941234567;phone-context=x", "US", "+306941234567"),
    ("\u202a+30 694 123 4567\u202c", "US", "+306941234567"),  # marks of a copy from a right-to-left page
    ("\u00a0+30\u00a0694\u00a01234567 ", "US", "+306941234567"),
    ("+12345550100", "GR", "+12345550100"),  # in no known range, but possible: the carrier decides
]

REFUSED = [
    ("", "GR", "number_missing"),
    ("   ", "GR", "number_missing"),
    ("n/a", "GR", "number_letters"),
    ("1-800-FLOWERS", "US", "number_letters"),
    ("=1+1", "GR", "number_not_one"),
    ("12", "GR", "number_too_short"),
    ("+3069", "GR", "number_too_short"),
    ("5550100", "US", "number_too_short"),  # no area code
    ("+12345678901234567890", "US", "number_too_long"),
    ("6" * 200, "GR", "number_too_long"),
    ("+999123456789", "GR", "number_country_unknown"),
    ("+0841234567", "VN", "number_country_unknown"),
    ("13123456789", "PL", "number_not_local"),
    ("694123456789", "GR", "number_not_local"),
    ("00000000", "VN", "number_not_local"),
    ("8.49E+10", "VN", "number_shortened"),
    ("8,49e10", "VN", "number_shortened"),
    ("6941234567 / 6947654321", "GR", "number_several"),
    ("6941234567, 6947654321", "GR", "number_several"),
    ("+306941234567 or +306941234568", "GR", "number_several"),
    ("+44 7911 123456 ext. 5", "GB", "number_extension"),
    ("+", "GR", "number_not_one"),
    ("\x00", "GR", "number_missing"),
]


@pytest.mark.parametrize(("text", "country", "address"), READ)
def test_a_number_is_read(text, country, address):
    assert read_number(text, country) == Address("tel", address)


@pytest.mark.parametrize(("text", "country", "code"), REFUSED)
def test_what_cannot_be_a_number_is_refused_with_a_reason(text, country, code):
    with pytest.raises(NumberInvalid) as refused:
        read_number(text, country)
    assert refused.value.code == code
    assert refused.value.fields == {"phone": refused.value.message}
    assert "\x00" not in refused.value.message
    assert len(refused.value.message) < 200


def test_a_refusal_names_what_was_written_and_helps():
    with pytest.raises(
        NumberInvalid, match=r"“13123456789” is not a number of PL\. If it is from another country, begin with \+ and the country code\."
    ):
        read_number("13123456789", "PL")


def test_every_sentence_has_an_arabic_one():
    missing = [sentence for sentence in SENTENCES.values() if in_language(sentence, "ar") == sentence]
    assert missing == []


def test_a_urn_of_another_scheme_is_refused():
    assert read_urn("tel:+306941234567", "GR").urn == "tel:+306941234567"
    assert read_urn("694 123 4567", "GR").urn == "tel:+306941234567"
    with pytest.raises(NumberInvalid) as refused:
        read_urn("fax:+306941234567", "GR")
    assert refused.value.code == "scheme_unknown"


def test_the_hash_differs_by_workspace_address_and_key():
    first, second = UUID(int=1), UUID(int=2)
    address = Address("tel", "+306941234567")
    hashes = {
        address_hash(b"k" * 32, first, address),
        address_hash(b"k" * 32, second, address),
        address_hash(b"l" * 32, first, address),
        address_hash(b"k" * 32, first, Address("tel", "+306941234568")),
    }
    assert len(hashes) == 4
    assert address_hash(b"k" * 32, first, address).hex() == "922d460dd9f05bca2fa2c07f9feccd63557c2985718ea3b2ad08571408db15d3"


@pytest.mark.parametrize(("address", "shown"), [("+84901234512", "+849***12"), ("12345", "1***"), ("112", "1***"), ("", "***")])
def test_masked(address, shown):
    assert masked(address) == shown


def test_displayed_and_country():
    assert displayed("+306941234567") == "+30 694 123 4567"
    assert displayed("INFO") == "INFO"
    assert [country_of(a) for a in ("+306941234567", "+14165550123", "+12125550123", "INFO")] == ["GR", "CA", "US", ""]
    assert is_country("GR")
    assert not is_country("gr")
    assert not is_country("XX")


def test_the_common_row_is_fast():
    """A guard against an accidental tenfold, not a benchmark: 12 µs on the build machine, and much more must not pass."""
    started = time.process_time()
    for _ in range(2000):
        addresses.read_number("+84901234567", "VN")
    assert (time.process_time() - started) / 2000 < 100e-6


NATIONAL = st.text("0123456789", min_size=3, max_size=13)
CODES = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


@given(CODES, NATIONAL)
@settings(max_examples=1000)
def test_the_quick_way_and_the_library_agree(code, national):
    """Numbers as programs write them are not parsed; what is taken so must be what the library would have said."""
    written = f"+{code}{national}"
    if _E164.fullmatch(written) and _is_plain(written):
        number = phonenumbers.parse(written)
        assert phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == written


@pytest.mark.parametrize("number", ["+447911123456", "+306912345678", "+12025550123", "+919876543210", "+49301234567"])
def test_usual_numbers_go_the_quick_way(number):
    assert _is_plain(number)


def test_a_trunk_zero_goes_the_long_way():
    assert read_number("+4407911123456", "GR").address == "+447911123456"
