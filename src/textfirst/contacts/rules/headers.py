"""What columns are called, in the languages we speak; compared folded, see `names.fold`."""

from __future__ import annotations

from textfirst.contacts.rules.names import attribute_key, fold

PHONE, FIRST_NAME, LAST_NAME, LANGUAGE, TIME_ZONE, BIRTHDAY, COUNTRY, REGION, PREFERS, OWN_CAP, LABEL, IGNORE = (
    "phone", "first_name", "last_name", "language", "time_zone", "birthday", "country", "region", "prefers", "own_cap", "label", "ignore",
)  # fmt: skip
FIELDS = (
    PHONE,
    FIRST_NAME,
    LAST_NAME,
    LANGUAGE,
    TIME_ZONE,
    BIRTHDAY,
    COUNTRY,
    REGION,
    PREFERS,
    OWN_CAP,
    LABEL,
    IGNORE,
    "consent_at",
    "dnc_listed",
    "reassigned_on",
    "any_hour",
)
CONSENT_AT, DNC_LISTED, REASSIGNED_ON, ANY_HOUR = "consent_at", "dnc_listed", "reassigned_on", "any_hour"
BESIDE = (CONSENT_AT, DNC_LISTED, REASSIGNED_ON, ANY_HOUR)  # said of an address, and kept elsewhere than in the contact
ATTRIBUTE = "attribute."
SEVERAL = frozenset({PHONE, LABEL, IGNORE})  # fields that more than one column may fill

_WORDS = {
    PHONE: """phone|phone number|mobile|mobile number|mobile phone|cell|cell phone|cellphone|telephone|tel|number|msisdn|whatsapp|sms|contact number|phone no
        |هاتف|الهاتف|رقم الهاتف|جوال|الجوال|رقم الجوال|موبايل|الموبايل|رقم الموبايل|تليفون|رقم|محمول
        |dien thoai|so dien thoai|sdt|so dt|di dong|so di dong|dt
        |τηλεφωνο|κινητο|αριθμος|αριθμος τηλεφωνου|αρ. τηλεφωνου|κινητο τηλεφωνο|τηλ|τηλ.
        |telefon|numer telefonu|nr telefonu|numer|komorka|telefon komorkowy|tel.""",
    FIRST_NAME: "first name|firstname|given name|forename|first|الاسم الاول|ten|ten goi|ονομα|μικρο ονομα|imie",
    LAST_NAME: """last name|lastname|surname|family name|last
        |اسم العائله|العائله|اللقب|الاسم الاخير|الكنيه
        |ho|ho dem
        |επωνυμο|επιθετο
        |nazwisko""",
    LANGUAGE: "language|lang|locale|اللغه|لغه|ngon ngu|γλωσσα|jezyk",
    TIME_ZONE: "time zone|timezone|tz|المنطقه الزمنيه|mui gio|ζωνη ωρας|strefa czasowa",
    BIRTHDAY: """birthday|birth date|birthdate|date of birth|dob|born|تاريخ الميلاد|الميلاد|ngay sinh|sinh nhat|γενεθλια|ημερομηνια γεννησης|γεννηση
        |data urodzenia|urodziny|ur.""",
    COUNTRY: "country|country code|country of residence|البلد|الدوله|بلد|quoc gia|nuoc|χωρα|kraj|panstwo",
    REGION: "state|state code|us state|province|province code|region code|الولايه|tieu bang|πολιτεια",
    PREFERS: "prefers|preferred channel|preferred contact method|contact preference|طريقه التواصل|القناه المفضله|kenh uu tien|προτιμα|preferowany kontakt",
    OWN_CAP: "own cap|weekly limit|most texts a week|max per week|الحد الاسبوعي|gioi han tuan|οριο εβδομαδας|limit tygodniowy",
    CONSENT_AT: """consent date|consent at|consented at|opt in date|opted in|opted in at|subscribed at|subscription date|signup date
        |تاريخ الموافقه|ngay dong y|ημερομηνια συγκαταθεσης|data zgody""",
    DNC_LISTED: "dnc|dnc listed|do not call|do not call list|on dnc|قائمه عدم الاتصال",
    REASSIGNED_ON: "reassigned|reassigned on|reassignment date|number reassigned",
    ANY_HOUR: "any hour|at any hour|advertising at any hour|في أي ساعة|bat ky gio nao|οποιαδηποτε ωρα|o kazdej porze",
    LABEL: "label|labels|tag|tags|وسم|وسوم|الوسوم|تصنيف|nhan|the|ετικετα|ετικετες|etykieta|etykiety|tagi",
}
# A whole name goes where the first name would, unless there is a column for that.
_WHOLE_NAME = """name|full name|fullname|contact name|customer name|contact|customer|الاسم|اسم|اسم العميل|الاسم الكامل|ho ten|ho va ten|ten khach hang
    |ονοματεπωνυμο|πελατης|imie i nazwisko|nazwa|klient"""
_WHOLE = frozenset(fold(word.strip()) for word in _WHOLE_NAME.split("|"))
_KNOWN = dict.fromkeys(_WHOLE, FIRST_NAME) | {fold(word.strip()): field for field, words in _WORDS.items() for word in words.split("|")}


def field_named(header: str) -> str:
    """The field a header names, or nothing: `Κινητό`, `phone_number` and `Phone 2` are `phone`."""
    if header.startswith(ATTRIBUTE) and attribute_key(header.removeprefix(ATTRIBUTE)) == header.removeprefix(ATTRIBUTE):
        return header
    words = _words(header)
    return _KNOWN.get(words) or _KNOWN.get(words.rstrip("0123456789 ")) or ""


def is_whole_name(header: str) -> bool:
    return _words(header) in _WHOLE


def _words(header: str) -> str:
    return " ".join(fold(header).replace("_", " ").replace("-", " ").replace(":", " ").split())


def is_field(field: str) -> bool:
    """Whether a column may be mapped to it."""
    key = field.removeprefix(ATTRIBUTE)
    return field in FIELDS or (field.startswith(ATTRIBUTE) and bool(key) and attribute_key(key) == key)
