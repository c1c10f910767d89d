"""The rule packs as they ship, and what a broken one does."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from textfirst.consent.types import Kind as Permission
from textfirst.core.languages import ar
from textfirst.decisions.hours import SENTENCES, Code
from textfirst.decisions.packs import places
from textfirst.decisions.packs.errors import BrokenPack
from textfirst.decisions.packs.shelf import SEALS, read_pack, read_shelf, shelf
from textfirst.decisions.packs.types import Confidence, Effect, Holiday
from textfirst.decisions.packs.zones import zone_known

DATA = Path(str(resources.files("textfirst.decisions.packs") / "data"))
CONSENT = b"""[[consent]]
id = "US-FL.consent"
classes = ["marketing"]
kinds = ["text"]
permits = ["%s"]
says = "In {place}, consent is needed."
sources = [{ name = "None", checked = 2026-11-22, confidence = "uncertain" }]

"""
FLORIDA = (DATA / "us-fl@1.toml").read_bytes()


def test_what_ships_is_whole():
    states = ["AL", "CT", "FL", "KY", "LA", "MA", "MD", "MI", "MN", "MS", "NJ", "NM", "NV", "OK", "OR", "PA", "RI", "TX", "VA", "WA", "WY"]
    countries = {"AE", "CA", "DE", "FR", "GB", "GR", "IN", "PL", "SA", "US", "VN", "ZZ"}
    assert shelf().packs.keys() == countries | {f"US-{state}" for state in states}


def test_every_sentence_of_a_pack_is_there_in_arabic():
    packs = shelf().packs.values()
    said = {rule.says for pack in packs for rule in pack.rules} | {pack.name for pack in packs} | set(SENTENCES.values())
    assert said <= ar.SENTENCES.keys()
    assert SENTENCES.keys() == set(Code)


def test_a_sentence_tells_place_and_hours():
    pack = shelf().packs["US-FL"]
    assert (
        pack.hours[0].sentence(pack.name)
        == "In Florida, advertising by text or phone may reach people from 08:00 to 20:00, by their own clock."
    )


def test_only_where_the_laws_own_words_were_read_is_a_source_called_primary():
    """The table in docs/explain/rule-packs.md says where each of these was read; AWS and Twilio speak for the carriers they send through."""
    primary = {
        rule.id
        for pack in shelf().packs.values()
        for rule in pack.rules
        for source in rule.sources
        if source.confidence is Confidence.PRIMARY
    }
    states = {f"US-{state}.hours" for state in ("AL", "FL", "MA", "NJ", "NM", "RI", "VA", "WA")}
    texts = {f"{country}.text-consent" for country in ("CA", "DE", "FR", "GB")}
    calls = {f"{country}.call-consent" for country in ("DE", "FR", "GB")}
    assert primary == states | texts | calls | {
        "US.hours", "US.consent", "US.first-message", "US.links", "US.topics", "US-FL.limit",
        "CA.call-hours", "FR.call-hours", "FR.call-limit", "PL.consent",
    }  # fmt: skip


def test_what_is_enough_for_a_text_is_not_for_a_call_by_machine():
    """UWG 7(3), PECR 22(3) and Law 3471/2006 11(3) let firms write to customers; a recorded call needs consent, as the CRTC's Part IV says too."""
    weak = {Permission.SOFT_OPT_IN, Permission.IMPLIED_PURCHASE, Permission.IMPLIED_INQUIRY}
    assert [rule.id for pack in shelf().packs.values() for rule in pack.consent if "call" in rule.kinds and rule.permits & weak] == []


WRITTEN = {Permission.ATTESTED, Permission.EXPRESS_WRITTEN, Permission.DOUBLE_OPT_IN}
EXPRESS = WRITTEN | {Permission.EXPRESS}
SOFT = EXPRESS | {Permission.SOFT_OPT_IN}


@pytest.mark.parametrize(
    ("rule", "permits"),
    [
        ("US.consent", WRITTEN),  # U1
        ("ZZ.consent", WRITTEN),
        ("CA.text-consent", EXPRESS | {Permission.IMPLIED_INQUIRY, Permission.IMPLIED_PURCHASE}),
        ("CA.call-consent", EXPRESS),
        ("GB.text-consent", SOFT),
        ("GB.call-consent", EXPRESS),
        ("GR.text-consent", SOFT),
        ("GR.call-consent", EXPRESS),
        ("DE.text-consent", SOFT),
        ("DE.call-consent", EXPRESS),
        ("FR.text-consent", SOFT),
        ("FR.call-consent", EXPRESS),
        ("PL.consent", EXPRESS),
        ("VN.consent", EXPRESS),
        ("SA.consent", EXPRESS),
        ("AE.consent", EXPRESS),
        ("IN.consent", EXPRESS),
    ],
)
def test_c4_u1_which_permissions_are_enough_where(rule, permits):
    (found,) = (one for pack in shelf().packs.values() for one in pack.consent if one.id == rule)
    assert found.permits == permits


def test_nothing_unproven_opens_marketing_anywhere_c4():
    assert not [rule.id for pack in shelf().released.values() for rule in pack.consent if Permission.LEGACY_UNPROVEN in rule.permits]


def test_only_vietnam_and_the_emirates_take_their_register_for_the_last_word():
    final = [rule.id for pack in shelf().packs.values() for rule in pack.consent if rule.listed == "nothing"]
    assert final == ["AE.consent", "VN.consent"]


def test_the_limits_of_laws():
    limits = {rule.id: (sorted(rule.kinds), rule.texts, rule.days) for pack in shelf().packs.values() for rule in pack.limits}
    assert limits == {
        "FR.call-limit": (["call"], 4, 30),
        "VN.text-limit": (["text"], 3, 1),
        "VN.call-limit": (["call"], 1, 1),
        "US-FL.limit": (["call", "text"], 3, 1),
        "US-OK.limit": (["call", "text"], 3, 1),
        "US-MD.limit": (["call", "text"], 3, 1),
        "US-OR.limit": (["call", "text"], 3, 1),
        "AE.call-day": (["call"], 1, 1),
        "AE.call-week": (["call"], 2, 7),
        "US.healthcare-day": (["call", "text"], 1, 1),  # U5
        "US.healthcare-week": (["call", "text"], 3, 7),
        "US.bank": (["call", "text"], 3, 3),
    }
    assert {rule.id for rule in shelf().packs["US"].limits} == {
        rule.id for pack in shelf().packs.values() for rule in pack.limits if rule.relied_on
    }
    (florida,) = shelf().packs["US-FL"].limits
    assert florida.sentence("Florida") == "In Florida, one person gets at most 3 advertising texts or calls in 24 hours."


def test_a_topic_is_attested_not_forbidden():
    (topics,) = (rule for rule in shelf().packs["US"].content if rule.id == "US.topics")
    assert topics.effect is Effect.ATTEST


BROKEN = {
    "no TOML": (b"jurisdiction", b"jurisdiction jurisdiction", "its text"),
    "no UTF-8": (b"Florida", b"Fl\xffrida", "its text"),
    "an unknown word": (b"margin_minutes", b"margin_minute", "hours[0].margin_minutes"),
    "a word too many": (b'name = "Florida"', b'name = "Florida"\nnamed = 1', "named"),
    "a day that is missing": (b'sun = ["08:00-20:00"]\n', b"", "hours[0].open.sun"),
    "a day that is no list": (b'sun = ["08:00-20:00"]', b'sun = "08:00-20:00"', "hours[0].open.sun"),
    "hours the wrong way round": (b'sun = ["08:00-20:00"]', b'sun = ["20:00-08:00"]', "hours[0].open.sun[0]"),
    "hours that are none": (b'sun = ["08:00-20:00"]', b'sun = ["08:60-20:00"]', "hours[0].open.sun[0]"),
    "hours past midnight": (b'sun = ["08:00-20:00"]', b'sun = ["08:00-24:01"]', "hours[0].open.sun[0]"),
    "hours that touch": (b'sun = ["08:00-20:00"]', b'sun = ["08:00-12:00", "12:00-20:00"]', "hours[0].open.sun"),
    "an unknown class": (b'law = ["marketing"]', b'law = ["sales"]', "hours[0].law[0]"),
    "a class named twice": (b'courtesy = ["service"]', b'courtesy = ["marketing"]', "hours[0]"),
    "nobody bound": (b'law = ["marketing"]\ncourtesy = ["service"]', b"law = []", "hours[0]"),
    "a margin as text": (b"margin_minutes = 10", b'margin_minutes = "10"', "hours[0].margin_minutes"),
    "a margin below nothing": (b"margin_minutes = 10", b"margin_minutes = -1", "hours[0].margin_minutes"),
    "no sources": (FLORIDA[FLORIDA.index(b"sources") : FLORIDA.index(b"[hours.open]")], b"sources = []\n", "hours[0].sources"),
    "an unknown confidence": (b'confidence = "secondary"', b'confidence = "sure"', "hours[0].sources[0].confidence"),
    "an address that is none": (b"https://drop", b"ftp://drop", "hours[0].sources[1].url"),
    "an id of another place": (b"US-FL.hours", b"US-TX.hours", "the whole"),
    "an id twice": (b"[[hours]]", FLORIDA[FLORIDA.index(b"[[hours]]") :] + b"\n[[hours]]", "the whole"),
    "holidays that are not listed": (b"margin_minutes", b"holidays = []\nmargin_minutes", "the whole"),
    "a holiday in two ways": (b"\n[[hours]]", b'\n[[holidays]]\nname = "Day"\non = "01-01"\neaster = 1\n[[hours]]', "holidays[0]"),
    "a holiday on no day": (b"\n[[hours]]", b'\n[[holidays]]\nname = "Day"\non = "02-29"\n[[hours]]', "holidays[0].on"),
    "a sentence with a strange value": (b"from {opens}", b"from {sunrise}", "hours[0]"),
    "a state without its country": (b'within = "US"\n', b"", "the whole"),
    "a permission that proves nothing": (b"[[hours]]", CONSENT % b"legacy_unproven" + b"[[hours]]", "consent[0].permits[0]"),
    "a permission there is none of": (b"[[hours]]", CONSENT % b"friendship" + b"[[hours]]", "consent[0].permits[0]"),
    "a version of nothing": (b"version = 1", b"version = 0", "version"),
    "another version than its name says": (b"version = 1", b"version = 2", "its name"),
    "a hash in it": (b"version = 1", b'version = 1\nsha256 = "x"', "sha256"),
}


@pytest.mark.parametrize(("old", "new", "place"), BROKEN.values(), ids=BROKEN)
def test_a_broken_pack_names_file_and_place(old, new, place):
    assert old in FLORIDA
    with pytest.raises(BrokenPack) as error:
        read_pack("us-fl@1.toml", FLORIDA.replace(old, new, 1))
    assert (error.value.file, error.value.place) == ("us-fl@1.toml", place)
    assert "no rule pack is loaded" in error.value.message
    assert error.value.code == "pack_broken"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def seal(folder: Path, name: str, raw: bytes) -> None:
    (folder / name).write_bytes(raw)
    lines = [line for line in (folder / SEALS).read_text().splitlines() if not line.endswith(f"  {name}")]
    (folder / SEALS).write_text("\n".join([*lines, f"{hashlib.sha256(raw).hexdigest()}  {name}", ""]))


def refused(folder: Path) -> tuple[str, str]:
    with pytest.raises(BrokenPack) as error:
        read_shelf(folder)
    return error.value.file, error.value.problem


def test_a_released_pack_that_changed_refuses_the_whole_shelf(copy: Path):
    (copy / "vn@1.toml").write_bytes((copy / "vn@1.toml").read_bytes().replace(b"07:00", b"06:00"))
    file, problem = refused(copy)
    assert file == "vn@1.toml"
    assert "changed after its release" in problem


def test_a_pack_that_is_gone_is_missed(copy: Path):
    (copy / "vn@1.toml").unlink()
    assert refused(copy)[0] == "vn@1.toml"


def test_a_pack_without_a_seal_is_refused(copy: Path):
    (copy / "vn@4.toml").write_bytes((copy / "vn@3.toml").read_bytes().replace(b"version = 3", b"version = 4"))
    assert refused(copy)[0] == "vn@4.toml"


def test_a_broken_pack_refuses_the_whole_shelf(copy: Path):
    seal(copy, "us-fl@1.toml", FLORIDA.replace(b"[[hours]]", b"[[hour]]"))
    assert refused(copy)[0] == "us-fl@1.toml"


@pytest.mark.parametrize("line", ["abc  vn@2.toml", "a" * 64, f"{'a' * 64}  vn@1.toml"])
def test_a_list_of_seals_that_cannot_be_read_is_refused(copy: Path, line):
    with (copy / SEALS).open("a") as file:
        file.write(line + "\n")
    assert refused(copy)[0] == SEALS


def test_there_is_no_shelf_without_seals(copy: Path):
    (copy / SEALS).unlink()
    assert refused(copy)[0] == SEALS


@pytest.mark.parametrize(("gone", "named"), [("zz", "zz@1.toml"), ("us", "us-")])
def test_the_strict_default_and_a_states_country_have_to_be_there(copy: Path, gone, named):
    take_away(copy, *(file.name for file in copy.glob(f"{gone}@*.toml")))
    assert refused(copy)[0].startswith(named)


def test_the_strict_default_says_which_permissions_are_enough(copy: Path):
    take_away(copy, "zz@2.toml")
    assert refused(copy) == ("zz@1.toml", "the strict default says for every kind of channel which permissions are enough")


def take_away(folder: Path, *names: str) -> None:
    lines = (folder / SEALS).read_text().splitlines(keepends=True)
    (folder / SEALS).write_text("".join(line for line in lines if line.split()[1] not in names))
    for name in names:
        (folder / name).unlink()


def test_the_newest_version_is_in_force_and_the_older_one_can_be_read(copy: Path):
    older = (copy / "vn@3.toml").read_bytes()
    seal(copy, "vn@4.toml", older.replace(b"version = 3", b"version = 4"))
    packs = read_shelf(copy)
    assert packs.packs["VN"].version == 4
    assert packs.released["VN", 3].sha256 == hashlib.sha256(older).hexdigest()


def test_a_version_left_out_is_refused(copy: Path):
    seal(copy, "vn@5.toml", (copy / "vn@1.toml").read_bytes().replace(b"version = 1", b"version = 5"))
    assert refused(copy) == ("vn@5.toml", "version 4 is missing: released packs are kept")


@pytest.mark.parametrize(
    ("holiday", "year", "days"),
    [
        ({"on": "12-25"}, 2027, ["2027-12-25"]),
        ({"on": "07-04", "observed": True}, 2026, ["2026-07-04", "2026-07-03"]),  # a Saturday
        ({"on": "07-04", "observed": True}, 2027, ["2027-07-04", "2027-07-05"]),  # a Sunday
        ({"on": "07-04", "observed": True}, 2028, ["2028-07-04"]),
        ({"weekday": "thu", "since": "11-22"}, 2026, ["2026-11-26"]),
        ({"weekday": "mon", "since": "05-25"}, 2026, ["2026-05-25"]),
        ({"easter": 0}, 2026, ["2026-04-05"]),
        ({"easter": 0}, 2038, ["2038-04-25"]),  # the latest there is
        ({"easter": -47}, 2026, ["2026-02-17"]),
    ],
)
def test_holidays(holiday, year, days):
    assert Holiday(name="Day", **holiday).days(year) == tuple(date.fromisoformat(day) for day in days)


@pytest.mark.parametrize(
    ("jurisdiction", "days"),
    [
        ("US-RI", ["2027-05-04", "2027-08-09", "2027-11-02"]),  # Independence Day of the state, Victory Day, Election Day
        ("US-PA", ["2027-03-26", "2027-06-14", "2027-11-02"]),  # Good Friday, Flag Day, Election Day
    ],
)
def test_the_states_own_holidays(jurisdiction, days):
    assert {date.fromisoformat(day) for day in [*days, "2027-07-05", "2027-11-25"]} <= shelf().packs[jurisdiction].holidays_of(2027)


def test_new_years_day_observed_belongs_to_the_year_before():
    assert date(2027, 12, 31) in shelf().packs["US-AL"].holidays_of(2027)  # 1 January 2028 is a Saturday


@pytest.mark.parametrize(
    ("number", "jurisdictions", "zones"),
    [
        ("+13055550123", ("US-FL",), ("America/New_York",)),
        ("+18505550123", ("US-FL",), ("America/Chicago", "America/New_York")),
        ("+16895550123", ("US-FL",), ("America/New_York",)),  # phonenumbers says Chicago
        ("+19155550123", ("US-TX",), ("America/Denver",)),
        ("+15145550123", ("CA-QC",), ("America/Toronto",)),
        ("+18765550123", ("JM",), ("America/Jamaica",)),
        ("+447900000001", ("GB",), ("Europe/London",)),
        ("+84901234567", ("VN",), ("Asia/Ho_Chi_Minh",)),
        ("+201001234567", ("EG",), ("Africa/Cairo",)),
        ("+88165551234", (), ()),
        ("", (), ()),
    ],
)
def test_a_prefix_tells_where_somebody_may_be(number, jurisdictions, zones):
    assert places.place_of_number(number) == places.Place(jurisdictions, zones)


def test_a_toll_free_number_is_somewhere_in_north_america():
    found = places.place_of_number("+18005550123")
    assert found.jurisdictions == ()
    assert {"Pacific/Honolulu", "America/St_Johns"} <= set(found.zones)


@pytest.mark.parametrize(
    ("country", "region", "place"),
    [
        ("US", "FL", places.Place(("US-FL",), ("America/Chicago", "America/New_York"))),
        ("VN", "", places.Place(("VN",), ("Asia/Ho_Chi_Minh",))),
        ("VN", "HN", places.Place(("VN",), ("Asia/Ho_Chi_Minh",))),
        ("XX", "", places.Place(("XX",), ())),
    ],
)
def test_an_address_tells_where_somebody_may_be(country, region, place):
    assert places.place_of_address(country, region) == place


def test_every_zone_of_the_table_is_one():
    table = places._table()
    named = {zone for part in ("countries", "regions") for zones in table[part].values() for zone in zones}
    named |= {zone for prefix in table["prefixes"].values() for zone in prefix["zones"]}
    assert [zone for zone in named if not zone_known(zone)] == []


def test_prefixes_of_countries_can_be_counted_up():
    """`campaigns/actions/checking.py` looks between a prefix and the one after it."""
    assert places.prefixes_of({"VN", "SA"}) == ["+84", "+966"]
    everywhere = places.prefixes_of({place[:2] for found in places._table()["prefixes"].values() for place in found["places"]})
    assert all(len(str(int(prefix) + 1)) == len(prefix) - 1 for prefix in everywhere)
    assert "+1305" in places.prefixes_of({"US"})
