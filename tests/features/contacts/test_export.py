"""A spreadsheet that can do nothing when it is opened, and comes back equal."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.factories import make_workspace
from tests.factories.contact_files import import_file

from textfirst.accounts.models import Workspace
from textfirst.contacts.actions.contacts import create_contact
from textfirst.contacts.actions.groups import create_label
from textfirst.contacts.adapters import csv_files, workbooks
from textfirst.contacts.models import Contact
from textfirst.contacts.queries import export
from textfirst.contacts.queries.contacts import cards
from textfirst.contacts.queries.imports import find_import
from textfirst.contacts.types import ContactFields, Filter, Prefers
from textfirst.core.addresses import Address
from textfirst.database.scope import workspace_scope

REACHED = ("Country", "State code", "Prefers", "Weekly limit")


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace(country="GR")


def exported(workspace: Workspace, kind: str) -> bytes:
    with workspace_scope(workspace.id):
        phones = export.phone_columns(workspace.id)
        rows = export.rows(workspace.id, Filter(), phones)
        return b"".join(csv_files.write_rows(rows) if kind == "csv" else workbooks.write_rows(rows, plain_columns=frozenset(range(phones))))


def facts(workspace: Workspace) -> list[tuple]:
    """All that an export carries, without ids."""
    with workspace_scope(workspace.id):
        found = cards(workspace.id, list(Contact.objects.of(workspace.id).values_list("id", flat=True)))
    return sorted(
        (
            sorted(i.address for i in c.identities),
            c.first_name,
            c.last_name,
            c.language,
            c.time_zone,
            str(c.birthday),
            (c.country, c.region, c.prefers, str(c.own_cap)),
            sorted(c.attributes.items()),
            sorted(x.name for x in c.labels),
        )
        for c in found
    )


TEXTS = [
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "'quoted",
    "''",
    'a;b,c"d',
    "line\nline",
    "\ttab",
    "％",
    "＝1",
    "Ελένη",
    "محمد",
    "0",
    "1e9",
    "TRUE",
]
text = st.sampled_from(TEXTS) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters="\ufffd"), max_size=12)
contact = st.builds(
    ContactFields,
    first_name=text,
    last_name=text,
    language=st.sampled_from(["", "en", "pt-br"]),
    time_zone=st.sampled_from(["", "Europe/Athens"]),
    country=st.sampled_from(["", "US"]),
    region=st.sampled_from(["", "FL"]),
    prefers=st.sampled_from(Prefers),
    own_cap=st.none() | st.integers(0, 100),
    birthday=st.none() | st.dates(date(1900, 1, 1), date(2026, 11, 22)),
    attributes=st.dictionaries(st.sampled_from(["city", "phone", "first_name", "πόλη", "x1"]), text, max_size=3),
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(people=st.lists(contact, min_size=1, max_size=4))
def test_what_is_exported_and_imported_is_equal(db, kind, people):
    first, second = make_workspace(country="GR"), make_workspace(country="GR")
    with workspace_scope(first.id):
        label = create_label(first.id, name="=VIP").id
        for n, fields in enumerate(people):
            addresses = [Address("tel", f"+3069400{n:02}{k:03}") for k in range(n % 2 + 1)]
            create_contact(first.id, addresses, fields, labels=[label] if n % 2 else [])
    content = exported(first, kind)
    found = import_file(second, content, name=f"x.{kind}")
    assert (found.failed, found.created) == (0, len(people))
    assert facts(second) == facts(first)
    assert import_file(first, content, name=f"x.{kind}").unchanged == len(people)


def test_no_cell_is_a_formula(workspace):
    with workspace_scope(workspace.id):
        create_contact(
            workspace.id, [Address("tel", "+306941234567")], ContactFields(first_name="=1+1", last_name="@x", attributes={"a": "-1"})
        )
    rows = list(csv.reader(io.StringIO(exported(workspace, "csv").decode("utf-8-sig"))))
    assert rows[0] == ["Phone", "First name", "Last name", "Language", "Time zone", "Birthday", *REACHED, "Labels", "attribute.a"]
    assert rows[1] == ["'+306941234567", "'=1+1", "'@x", "", "", "", "", "", "", "", "", "'-1"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(exported(workspace, "xlsx"))).get_sheet_by_index(0)
    assert sheet.to_python()[1][:3] == ["+306941234567", "'=1+1", "'@x"]
    import zipfile

    with zipfile.ZipFile(io.BytesIO(exported(workspace, "xlsx"))) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_the_report_of_broken_rows_can_be_mended_and_imported(workspace):
    found = import_file(workspace, "Name;Phone\nAnna;6941234567\n=Eleni;12\nPetros;n/a;more\n")
    with workspace_scope(workspace.id):
        rows = list(export.error_rows(find_import(workspace.id, found.id), "en"))
        arabic = list(export.error_rows(find_import(workspace.id, found.id), "ar"))
    assert (
        rows
        == [
            ["Name", "Phone", "", "problem"],
            ["=Eleni", "12", "", "Phone: “12” is too short to be a phone number."],
            ["Petros", "n/a", "more", "Phone: “n/a” is not a phone number: it has letters in it."],
        ]
        or rows[0][2] == "Column 3"
    )
    assert arabic[1][-1] == "Phone: «12» أقصر من أن يكون رقم هاتف."
    mended = b"".join(
        csv_files.write_rows(
            [
                [c.replace("n/a", "6941234568") if c == "n/a" else c.replace("12", "6941234569") if c == "12" else c for c in row]
                for row in rows
            ]
        )
    )
    again = import_file(workspace, mended)
    assert (again.created, again.failed) == (2, 0)
