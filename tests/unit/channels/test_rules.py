from __future__ import annotations

import pytest

from textfirst.channels.contract import ChannelFacts
from textfirst.channels.rules.forms import check_config, check_secrets, clean_address, leads_elsewhere
from textfirst.channels.types import Choice, Declaration, FieldSpec, FieldType
from textfirst.core.ids import new_id

FORM = Declaration(
    kind="pigeon",
    label="Pigeon",
    help="",
    fields=(
        FieldSpec("loft", FieldType.TEXT, "Loft", required=True, most=5, leads_elsewhere=True),
        FieldSpec("birds", FieldType.NUMBER, "Birds", default=2, least=1, most=9),
        FieldSpec("spare", FieldType.NUMBER, "Spare", least=0, most=9),
        FieldSpec("color", FieldType.CHOICE, "Color", default="grey", choices=(Choice("grey", "Grey"), Choice("white", "White"))),
        FieldSpec("ring", FieldType.SWITCH, "Ring", default=False),
        FieldSpec("whistle", FieldType.SECRET, "Whistle", required=True, most=8),
    ),
)


@pytest.mark.parametrize(
    ("given", "kept", "problems"),
    [
        ({"loft": " home "}, {"loft": "home", "birds": 2, "color": "grey", "ring": False}, []),
        ({"loft": "home", "birds": 9, "spare": 0, "color": "white", "ring": True}, {"loft": "home", "birds": 9, "spare": 0, "color": "white", "ring": True}, []),
        ({"loft": "home", "birds": None, "spare": None}, {"loft": "home", "birds": 2, "color": "grey", "ring": False}, []),
        ({}, {"birds": 2, "color": "grey", "ring": False}, ["config.loft"]),
        ({"loft": "   "}, {"birds": 2, "color": "grey", "ring": False}, ["config.loft"]),
        ({"loft": "castle"}, {"birds": 2, "color": "grey", "ring": False}, ["config.loft"]),
        ({"loft": "a\nb"}, {"birds": 2, "color": "grey", "ring": False}, ["config.loft"]),
        ({"loft": "αβγ"}, {"birds": 2, "color": "grey", "ring": False}, ["config.loft"]),
        ({"loft": "home", "birds": 10}, {"loft": "home", "color": "grey", "ring": False}, ["config.birds"]),
        ({"loft": "home", "birds": True}, {"loft": "home", "color": "grey", "ring": False}, ["config.birds"]),
        ({"loft": "home", "color": "red"}, {"loft": "home", "birds": 2, "ring": False}, ["config.color"]),
        ({"loft": "home", "ring": 1}, {"loft": "home", "birds": 2, "color": "grey"}, ["config.ring"]),
        ({"loft": "home", "whistle": "x"}, {"loft": "home", "birds": 2, "color": "grey", "ring": False}, ["config.whistle"]),
    ],
)  # fmt: skip
def test_settings(given, kept, problems):
    clean, found = check_config(FORM, given)
    assert (clean, list(found)) == (kept, problems)


@pytest.mark.parametrize(
    ("given", "kept_already", "kept", "problems"),
    [
        ({"whistle": " a b "}, False, {"whistle": " a b "}, []),
        ({}, False, {}, ["secrets.whistle"]),
        ({}, True, {}, []),
        ({"whistle": ""}, True, {"whistle": ""}, ["secrets.whistle"]),
        ({"whistle": "a" * 9}, False, {"whistle": ""}, ["secrets.whistle"]),
        ({"whistle": "a\x00"}, False, {"whistle": ""}, ["secrets.whistle"]),
        ({"whistle": "a", "loft": "x"}, False, {"whistle": "a"}, ["secrets.loft"]),
    ],
)
def test_secrets(given, kept_already, kept, problems):
    clean, found = check_secrets(FORM, given, kept=kept_already)
    assert (clean, list(found)) == (kept, problems)


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"), [({"loft": "a"}, {"loft": "b"}, True), ({"loft": "a", "birds": 1}, {"loft": "a", "birds": 2}, False)]
)
def test_what_leads_secrets_elsewhere(before, after, elsewhere):
    assert leads_elsewhere(FORM, before, after) is elsewhere


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+30 690 000 0000", "+306900000000"),
        ("(020) 7946-0000", "02079460000"),
        ("54321", "54321"),
        ("112", "112"),
        (" BlueDoor ", "BlueDoor"),
        ("B&B Hotel", "B&B Hotel"),
        ("24x7", "24x7"),
        ("12", None),
        ("+1234567890123456", None),
        ("TwelveLetter", None),
        ("Ωmega", None),
        ("+", None),
        ("", None),
        ("1+2", None),
    ],
)
def test_senders(typed, kept):
    assert clean_address(typed) == kept


@pytest.mark.parametrize(("rate", "window", "binds"), [(0, 10, 3), (10, 10, 3), (2, 10, 8), (100, 2, 4), (1, 1, 1), (7, 50, 16)])
def test_the_binds_of_a_channel_together_are_the_channel(rate: int, window: int, binds: int) -> None:
    facts = ChannelFacts(new_id(), new_id(), "smpp", "1234", {}, {}, rate, window, 1, binds)
    used = facts.of_bind(0).binds
    parts = [facts.of_bind(slot) for slot in range(used)]
    assert sum(part.window for part in parts) == window
    assert sum(part.rate for part in parts) == rate
    assert all(part.window and (part.rate or not rate) for part in parts), "0 would be no limit at all"
    assert used <= binds
