"""Files of contacts as people's programs write them: encodings, delimiters, headers, dates, broken rows."""

from __future__ import annotations

import tracemalloc
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.contacts.adapters.csv_files import MOST_LINES, Record, find_encoding, read_records, write_rows
from textfirst.contacts.rules.cells import plain, safe
from textfirst.contacts.rules.dates import DateInvalid, date_order, read_birthday
from textfirst.contacts.rules.encodings import Evidence
from textfirst.contacts.rules.headers import field_named
from textfirst.contacts.rules.rows import SENTENCES, read_language, read_row, sentence
from textfirst.contacts.rules.tables import columns_of, find_delimiter, find_header, suggest_mapping
from textfirst.contacts.types import Reading, ReadRow, RowProblem
from textfirst.core.addresses import Address
from textfirst.core.words import in_language

TODAY = date(2026, 11, 22)

NAMES = {
    "cp1252": ["José,Muñoz", "François Lefèvre", "Jürgen Größe", "Zoë O’Brien", "André", "“Anna” – 50 €"],
    "cp1250": ["Łukasz,Wójcik,Gdańsk", "Agnieszka Dąbrowska", "Świętosława Żak"],
    "cp1253": ["Γιώργος,Παπαδόπουλος,Αθήνα", "Ελένη", "ΜΑΡΙΑ ΚΩΣΤΑ", "Anna Γεωργίου"],
    "cp1256": ["محمد,العلي,القاهرة", "فاطمة الزهراء", "أحمد", "Ahmed أحمد"],
    "cp1258": ["Nguyễn,Trần Đức", "Phạm Thị Hồng", "Hà Nội"],
    "cp1251": ["Иван Петров,Москва"],
}


def encoded(text: str, encoding: str) -> bytes:
    """cp1258 holds Vietnamese half composed: the vowel with its own sign, then the tone."""
    if encoding != "cp1258":
        return text.encode(encoding)
    halves = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        halves += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones
    return halves.encode(encoding)


def encoding_of(content: bytes) -> str:
    evidence = Evidence()
    for line in content.splitlines(keepends=True):
        evidence.feed(line)
    return evidence.encoding()


@pytest.mark.parametrize(
    ("encoding", "text"), [(encoding, text) for encoding, texts in NAMES.items() for text in [*texts, "\n".join(texts)]]
)
def test_a_windows_encoding_is_told_by_its_words(encoding, text):
    content = encoded(text, encoding)
    assert encoding_of(b"name;phone\n" + content + b";+3069") == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_proves_itself(encoding):
    assert encoding_of("Όνομα,Κινητό\nΕλένη,6941234567\n".encode(encoding)) == encoding
    assert encoding_of(("a,b\n" + "1,2\n" * 9).encode(encoding)) in {encoding, "utf-8"}


def test_a_few_spoilt_rows_do_not_make_another_encoding():
    content = "Γιώργος,6941234567\n".encode() * 20 + b"Jos\xe9,6941234567\n"
    assert encoding_of(content) == "utf-8"


def test_the_only_accent_may_be_far_down(tmp_path):
    path = tmp_path / "late.csv"
    path.write_bytes(b"Anna,6941234567\n" * 100_000 + "Łukasz,6941234568\n".encode("cp1250"))
    assert find_encoding(path) == "cp1250"


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a,b\n", "1,2\n"], ","),
        (["a;b\n", "1,5;2\n", "1,5;3\n"], ";"),
        (["a\tb\n", "1\t2\n"], "\t"),
        (["a|b\n", "x, y|2\n"], "|"),
        (["name;note\n", '"a,b,c";"x\n', 'y"\n'], ";"),
        (["sep=;\n", "a,b;c\n"], ";"),
        (["phone\n", "123\n"], ","),
        ([], ","),
    ],
)
def test_delimiter(lines, delimiter):
    assert find_delimiter(lines) == delimiter


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Phone", "phone"), ("phone_number", "phone"), ("Phone 2", "phone"), ("Κινητό", "phone"), ("ΤΗΛΕΦΩΝΟ", "phone"), ("رقم الجوال", "phone"),
        ("Số điện thoại", "phone"), ("SĐT", "phone"), ("Numer telefonu", "phone"), ("Mobile:", "phone"),
        ("First name", "first_name"), ("Όνομα", "first_name"), ("Imię", "first_name"), ("الاسم", "first_name"), ("Họ và tên", "first_name"),
        ("Nazwisko", "last_name"), ("Επώνυμο", "last_name"), ("Họ", "last_name"),
        ("Ngày sinh", "birthday"), ("تاريخ الميلاد", "birthday"), ("Data urodzenia", "birthday"), ("Γενέθλια", "birthday"), ("DOB", "birthday"),
        ("Tags", "label"), ("attribute.shoe_size", "attribute.shoe_size"), ("attribute.Shoe size", ""), ("City", ""), ("", ""),
    ],
)  # fmt: skip
def test_header_words(header, field):
    assert field_named(header) == field


ROWS = [
    ["Ref", "Who", "Reach", "Town"],
    ["17", "Anna", "694 123 4567", "Athens"],
    ["18", "Eleni", "+30 694 123 4568", ""],
    ["19", "Petros", "n/a", "Volos"],
]


def suggested(rows, *, country="GR"):
    header = find_header(rows, country)
    columns = columns_of(rows, has_header=header, country=country)
    return header, suggest_mapping(rows, columns, has_header=header, country=country, latest=2026)


def test_a_column_of_numbers_is_recognised_by_its_values():
    assert suggested(ROWS) == (True, {0: "attribute.ref", 1: "attribute.who", 2: "phone", 3: "attribute.town"})


def test_a_file_without_header():
    assert suggested([["Anna", "6941234567", "25/12/1990"], ["Eleni", "6941234568", "1/2/1980"]]) == (
        False,
        {0: "ignore", 1: "phone", 2: "birthday"},
    )


def test_a_column_called_number_without_one_is_not_a_phone():
    rows = [["Number", "Mobile"], ["1", "6941234567"], ["2", "6941234568"]]
    assert suggested(rows) == (True, {0: "attribute.number", 1: "phone"})


def test_only_the_first_of_two_columns_of_the_same_name_is_that_field():
    rows = [["Name", "First name", "Phone", "Phone 2"], ["Anna P", "Anna", "6941234567", "6941234568"]]
    assert suggested(rows)[1] == {0: "attribute.name", 1: "first_name", 2: "phone", 3: "phone"}


@pytest.mark.parametrize(
    ("values", "country", "order"),
    [
        (["1/2/1990", "25/12/1980"], "US", ("dmy", False)),
        (["1/2/1990", "12/25/1980"], "GR", ("mdy", False)),
        (["1/2/1990"], "GR", ("dmy", True)),
        (["1/2/1990"], "US", ("mdy", True)),
        (["25/12/1980", "12/25/1980"], "GR", ("dmy", True)),
        (["1990-02-01"], "US", ("ymd", False)),
    ],
)
def test_the_order_of_dates_is_found_or_assumed(values, country, order):
    assert date_order(values, country) == order


@pytest.mark.parametrize(
    ("text", "order", "born"),
    [
        ("1990-12-31", "mdy", date(1990, 12, 31)),
        ("1990/12/31", "dmy", date(1990, 12, 31)),
        ("1990-12-31 00:00:00", "dmy", date(1990, 12, 31)),
        ("19901231", "dmy", date(1990, 12, 31)),
        ("31.12.1990", "dmy", date(1990, 12, 31)),
        ("31. 12. 1990", "dmy", date(1990, 12, 31)),
        ("1/2/90", "dmy", date(1990, 2, 1)),
        ("1/2/90", "mdy", date(1990, 1, 2)),
        ("1/2/05", "dmy", date(2005, 2, 1)),
        ("٣١/١٢/١٩٩٠", "dmy", date(1990, 12, 31)),
        ("3 March 1990", "dmy", date(1990, 3, 3)),
        ("Mar 3, 1990", "dmy", date(1990, 3, 3)),
        ("29/02/2000", "dmy", date(2000, 2, 29)),
    ],
)
def test_birthdays(text, order, born):
    assert read_birthday(text, order, TODAY) == born


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("12/25/1990", "dmy", "birthday_order"),
        ("25/12/1990", "mdy", "birthday_order"),
        ("29/02/2001", "dmy", "birthday_unreadable"),
        ("yesterday", "dmy", "birthday_unreadable"),
        ("0000-00-00", "dmy", "birthday_unreadable"),
        ("1/1/1066", "dmy", "birthday_unreadable"),
        ("2030-01-01", "dmy", "birthday_future"),
        ("1/2", "dmy", "birthday_unreadable"),
    ],
)
def test_birthdays_that_are_none(text, order, code):
    with pytest.raises(DateInvalid) as refused:
        read_birthday(text, order, TODAY)
    assert refused.value.code == code


READING = Reading(
    {0: "first_name", 1: "phone", 2: "birthday", 3: "attribute.city", 4: "label", 5: "language", 6: "time_zone"},
    "GR",
    TODAY,
    ("Name", "", "Born"),
    {2: "dmy"},
)


def test_a_row_says_what_is_in_it_and_nothing_of_empty_cells():
    cells = [" Anna ", "'+306941234567", "31/12/1990", "", "VIP; new|vip", "Ελληνικά"]
    fields = {"first_name": "Anna", "birthday": date(1990, 12, 31), "language": "el"}
    assert read_row(7, cells, READING) == ReadRow(7, (Address("tel", "+306941234567"),), fields, {}, ("vip", "new"))


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        (["Anna"], "B", "number_missing"),
        (["Anna", "12"], "B", "number_too_short"),
        (["Anna", "6941234567", "12/25/1990"], "Born", "birthday_order_dmy"),
        (["Anna", "6941234567", "", "", "", "Klingon"], "F", "language_unknown"),
        (["Anna", "6941234567", "", "", "", "", "Athens"], "G", "time_zone_unknown"),
        (["Ann\ufffd", "6941234567"], "Name", "text_garbled"),
        (["A" * 201, "6941234567"], "Name", "value_too_long"),
        (["", "6941234567", "", "", "x" * 61], "E", "label_invalid"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(cells, column, code):
    problem = read_row(3, cells, READING)
    assert isinstance(problem, RowProblem)
    assert (problem.row, problem.column, problem.code) == (3, column, code)
    assert len(problem.cells) == len(cells)
    assert sentence(code, problem.facts)
    assert in_language(sentence(code, problem.facts), "ar") != sentence(code, problem.facts)


def test_every_reason_has_arabic_words():
    assert [text for text in SENTENCES.values() if in_language(text, "ar") == text] == []


@pytest.mark.parametrize(
    ("word", "code"),
    [("English", "en"), ("العربية", "ar"), ("Tiếng Việt", "vi"), ("EL", "el"), ("pt_BR", "pt-br"), ("Klingon", ""), ("", "")],
)
def test_languages(word, code):
    assert read_language(word) == code


# ---- CSV


def records(tmp_path, text, delimiter=","):
    path = tmp_path / "file.csv"
    path.write_text(text, "utf-8", newline="")
    return list(read_records(path, "utf-8", delimiter))


def test_an_open_quotation_mark_costs_one_row(tmp_path):
    found = records(tmp_path, 'a,b\n"open,1\nc,2\n"d\nd",3\ne,"4\n')
    assert found == [
        Record(1, ("a", "b")),
        Record(2, ("open", "1"), "quote_open"),
        Record(3, ("c", "2")),
        Record(4, ("d\nd", "3")),
        Record(5, ("e", "4"), "quote_open"),
    ]


def test_an_open_quotation_mark_before_a_long_file_costs_one_row(tmp_path):
    found = records(tmp_path, '"open,1\n' + "c,2\n" * (MOST_LINES * 3))
    assert found[0] == Record(1, ("open", "1"), "quote_open")
    assert found[1:] == [Record(number, ("c", "2")) for number in range(2, MOST_LINES * 3 + 2)]


def test_marks_inside_a_cell_are_forgiven(tmp_path):
    assert records(tmp_path, '5" pipe,1\n"6" pipe",2\n')[0].cells == ('5" pipe', "1")
    assert not any(record.broken for record in records(tmp_path, '5" pipe and 6" pipe,1\n'))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_end_and_blank_rows_count(tmp_path, ends):
    found = records(tmp_path, ends.join(["a,b", "", "c,d"]))
    assert [(record.number, record.cells) for record in found] == [(1, ("a", "b")), (2, ()), (3, ("c", "d"))]


def test_the_line_of_excel_is_no_row(tmp_path):
    assert records(tmp_path, "sep=;\na;b\n", ";") == [Record(1, ("a", "b"))]


def test_a_line_without_end_is_passed_over_without_being_held(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" + b"x" * 30_000_000 + b"\nc,d\n")
    tracemalloc.start()
    found = list(read_records(path, "utf-8", ","))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(record.cells[0][:1], record.broken) for record in found] == [("a", ""), ("x", "row_too_long"), ("c", "")]
    assert peak < 12_000_000


def test_bytes_that_are_no_text_are_marked(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"Jos\xe9,1\n")
    assert next(read_records(path, "utf-8", ",")).cells == ("Jos\ufffd", "1")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "'=x", "''", "'", "+306941234567", "a;b", 'say "x"', "@x", "-1", "\tx", "line\nline", "＝x"]
)


@given(st.lists(cells, min_size=1, max_size=4))
def test_what_is_written_is_read_again_and_can_do_nothing(tmp_path_factory, row):
    content = b"".join(write_rows([row]))
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(content)
    read = list(read_records(path, "utf-8-sig", ","))
    assert [plain(cell) for record in read for cell in record.cells] == row or row == [""]
    assert not any(cell[:1] in {*"=+-@\t\r\n＝＋－＠"} for record in read for cell in record.cells if cell)


@given(st.text())
def test_a_safe_cell_is_plain_again(text):
    assert plain(safe(text)) == text


def test_an_authors_own_apostrophe_stays():
    assert plain("'tis") == "'tis"
    assert plain("'0901234567") == "'0901234567"


def test_the_report_is_utf8_with_a_mark_for_excel():
    assert b"".join(write_rows([["Ελένη"]])) == "\ufeffΕλένη\r\n".encode()
