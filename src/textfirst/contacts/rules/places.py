"""Countries and their parts as spreadsheets write them: codes, and the names that are written most."""

from __future__ import annotations

import re

from textfirst.contacts.rules.names import fold
from textfirst.core.addresses import is_country

_COUNTRIES = {
    "united states": "US", "united states of america": "US", "usa": "US", "america": "US", "الولايات المتحده": "US", "hoa ky": "US", "ηπα": "US",
    "stany zjednoczone": "US", "united kingdom": "GB", "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "بريطانيا": "GB", "المملكه المتحده": "GB", "ηνωμενο βασιλειο": "GB", "wielka brytania": "GB", "canada": "CA", "كندا": "CA", "kanada": "CA",
    "greece": "GR", "hellas": "GR", "ελλαδα": "GR", "اليونان": "GR", "grecja": "GR", "poland": "PL", "polska": "PL", "بولندا": "PL", "πολωνια": "PL",
    "vietnam": "VN", "viet nam": "VN", "فيتنام": "VN", "saudi arabia": "SA", "ksa": "SA", "السعوديه": "SA", "المملكه العربيه السعوديه": "SA",
    "united arab emirates": "AE", "uae": "AE", "الامارات": "AE", "الامارات العربيه المتحده": "AE", "india": "IN", "الهند": "IN",
    "germany": "DE", "deutschland": "DE", "المانيا": "DE", "niemcy": "DE", "γερμανια": "DE", "france": "FR", "فرنسا": "FR", "francja": "FR",
    "γαλλια": "FR", "spain": "ES", "espana": "ES", "hiszpania": "ES", "italy": "IT", "italia": "IT", "wlochy": "IT", "ιταλια": "IT",
    "cyprus": "CY", "κυπρος": "CY", "egypt": "EG", "مصر": "EG", "jordan": "JO", "الاردن": "JO", "lebanon": "LB", "لبنان": "LB", "kuwait": "KW",
    "الكويت": "KW", "qatar": "QA", "قطر": "QA", "bahrain": "BH", "البحرين": "BH", "oman": "OM", "عمان": "OM", "morocco": "MA", "المغرب": "MA",
    "ireland": "IE", "australia": "AU", "mexico": "MX", "portugal": "PT", "netherlands": "NL",
}  # fmt: skip
_PARTS = """alabama AL|alaska AK|arizona AZ|arkansas AR|california CA|colorado CO|connecticut CT|delaware DE|district of columbia DC|florida FL|georgia GA
    |hawaii HI|idaho ID|illinois IL|indiana IN|iowa IA|kansas KS|kentucky KY|louisiana LA|maine ME|maryland MD|massachusetts MA|michigan MI|minnesota MN
    |mississippi MS|missouri MO|montana MT|nebraska NE|nevada NV|new hampshire NH|new jersey NJ|new mexico NM|new york NY|north carolina NC
    |north dakota ND|ohio OH|oklahoma OK|oregon OR|pennsylvania PA|puerto rico PR|rhode island RI|south carolina SC|south dakota SD|tennessee TN|texas TX
    |utah UT|vermont VT|virginia VA|washington WA|west virginia WV|wisconsin WI|wyoming WY
    |alberta AB|british columbia BC|manitoba MB|new brunswick NB|newfoundland and labrador NL|nova scotia NS|ontario ON|prince edward island PE|quebec QC
    |saskatchewan SK|northwest territories NT|nunavut NU|yukon YT"""
_REGIONS = {name: code for part in _PARTS.split("|") for name, _, code in [part.strip().rpartition(" ")]}
_REGION = re.compile(r"(?:[A-Z]{2}-)?([A-Z0-9]{1,3})")  # US-FL as well as FL


def read_country(value: str) -> str:
    """ISO 3166-1, from its code or a usual name; empty when it is neither."""
    code = _COUNTRIES.get(" ".join(fold(value).replace(".", "").split()), value.strip().upper())
    return code if is_country(code) else ""


def read_region(value: str) -> str:
    """The part of a country as ISO 3166-2 writes it after the dash, from its code or, in North America, its name; empty when it is neither."""
    name = _REGIONS.get(" ".join(fold(value).split()))
    found = _REGION.fullmatch(value.strip().upper())
    return name or (found[1] if found else "")
