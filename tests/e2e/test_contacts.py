"""A spreadsheet becomes contacts: the good rows are in, each bad one is explained, and the same file again changes nothing."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect
from tests.e2e.files import contacts_csv

pytestmark = pytest.mark.browser

ROWS, BROKEN_EVERY = 200, 20
BROKEN = ROWS // BROKEN_EVERY


def test_a_file_with_broken_rows_brings_the_good_ones_and_explains_the_rest(pages, owner, api, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_bytes(contacts_csv(ROWS, first=100_000, broken_every=BROKEN_EVERY, delimiter=";").encode("utf-8-sig"))
    page = pages.open("/contacts", cookies=owner.cookies)
    upload(page, file)
    expect(page.get_by_label("What “Mobile” becomes")).to_have_value("phone")
    expect(page.get_by_label("What “First name” becomes")).to_have_value("first_name")
    expect(page.get_by_label("Columns are parted by")).to_have_value(";")
    preview = page.get_by_role("region", name="The first rows")
    expect(preview.get_by_role("row").nth(1)).to_contain_text("+447400100000")

    page.get_by_label("Put them in a list").select_option(label="A new list…")
    page.get_by_label("Name of the new list").or_(page.get_by_label("Name")).last.fill("Regulars")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_label("Put them in a list").locator("option:checked")).to_have_text("Regulars")
    page.get_by_role("button", name=re.compile(r"Import \d+ rows|Start the import")).click()
    expect(page.get_by_role("heading", name="All rows are through")).to_be_visible()
    assert counts(page) == {"New": ROWS - BROKEN, "Updated": 0, "Unchanged": 0, "Not imported": BROKEN}

    errors = page.get_by_role("table", name="Rows not imported")
    expect(errors.get_by_role("row").nth(1)).to_contain_text("0740")
    with page.expect_download() as report:
        page.get_by_role("link", name="Download these rows").or_(page.get_by_role("button", name="Download these rows")).click()
    rows = list(csv.reader(report.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == BROKEN + 1
    assert all("0740" in row for row in rows[1:])

    page.get_by_role("link", name="Show the contacts").click()
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_be_visible()
    assert next(one["contacts"] for one in api.all("/lists") if one["name"] == "Regulars") == ROWS - BROKEN


def test_the_same_file_again_changes_nothing(pages, owner, api, tmp_path):
    file = tmp_path / "again.csv"
    file.write_text(contacts_csv(20, first=150_000), encoding="utf-8")
    for created, unchanged in ((20, 0), (0, 20)):
        page = pages.open("/contacts/imports/new", cookies=owner.cookies)
        choose(page, file)
        page.get_by_role("button", name=re.compile(r"Import \d+ rows|Start the import")).click()
        expect(page.get_by_role("heading", name="All rows are through")).to_be_visible()
        assert counts(page) == {"New": created, "Updated": 0, "Unchanged": unchanged, "Not imported": 0}


def upload(page, file):
    page.get_by_role("link", name="Import contacts").first.click()
    choose(page, file)


def choose(page, file):
    expect(page.get_by_role("heading", name="Import contacts")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()


def counts(page):
    """What the import's page says of its rows."""
    terms = page.locator("dl dt").all_inner_texts()
    return dict(zip(terms, (int(text.replace(",", "")) for text in page.locator("dl dd").all_inner_texts()), strict=True))
