"""Sentences that stand in tables rather than where they are raised."""

from __future__ import annotations

from textfirst.accounts.rules import place_problems
from textfirst.api import errors
from textfirst.core import faults
from textfirst.core.languages import ar


def test_the_tables_of_errors_are_translated():
    tables = {*faults.SENTENCES.values(), *(words for _, words in errors._HTTP.values()), errors.CLASH, errors.UNUSABLE, errors.AWAY}
    problems = place_problems(country="??", time_zone="??", language="??", languages=["?"])
    assert tables | set(problems.values()) <= ar.SENTENCES.keys()
