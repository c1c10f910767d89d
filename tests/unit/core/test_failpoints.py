from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from textfirst.core import failpoints
from textfirst.core.errors import SettingError
from textfirst.core.failpoints import NAMES, Armed, Failure

SOURCE = Path(failpoints.__file__).parents[1]


def passes(armed, name, times):
    """At which of so many passings it failed, counted from 1."""
    failed = []
    for number in range(1, times + 1):
        try:
            armed.reach(name)
        except Failure:
            failed.append(number)
    return failed


def test_only_the_nth_passing_of_the_named_place_fails():
    armed = Armed("claim.committed:raise@3")
    assert passes(armed, "answer.arrived", 5) == []
    assert passes(armed, "claim.committed", 5) == [3]


def test_several_points_and_the_first_passing_by_default():
    armed = Armed("claim.committed:raise, import.batch:raise@2")
    assert passes(armed, "claim.committed", 2) == [1]
    assert passes(armed, "import.batch", 2) == [2]


def test_a_chance_is_drawn_from_the_seed():
    failed = passes(Armed("seed=7,claim.committed:raise@0.2"), "claim.committed", 50)
    assert 2 <= len(failed) <= 20
    assert passes(Armed("seed=7,claim.committed:raise@0.2"), "claim.committed", 50) == failed
    assert passes(Armed("seed=8,claim.committed:raise@0.2"), "claim.committed", 50) != failed


def test_sleep_holds_the_process_up():
    began = time.monotonic()
    Armed("claim.committed:sleep=0.05@1").reach("claim.committed")
    assert time.monotonic() - began >= 0.05


def test_exit_is_a_sudden_death():
    code = "from textfirst.core import failpoints; failpoints.reach('claim.committed'); print('alive')"
    environment = {"TEXTFIRST_FAILPOINTS": "claim.committed:exit@1"}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (-9, b"")


def test_a_file_is_used_up_by_one_failure_and_read_again_when_it_changes(tmp_path):
    points = tmp_path / "points"
    armed = Armed(f"@{points}")
    assert passes(armed, "claim.committed", 3) == []
    points.write_text("claim.committed:raise@2")
    assert passes(armed, "claim.committed", 6) == [2]
    assert not points.exists()
    assert points.with_suffix(".fired").exists()
    points.write_text("claim.committed:raise@1")
    assert passes(armed, "claim.committed", 3) == [1]


@pytest.mark.parametrize(
    "text", ["nowhere:exit@1", "claim.committed:explode@1", "claim.committed:exit@soon", "claim.committed:sleep@1", "claim.committed"]
)
def test_what_cannot_be_meant_is_refused(text):
    with pytest.raises(SettingError, match="TEXTFIRST_FAILPOINTS"):
        Armed(text)


def test_nothing_is_armed_here():
    assert failpoints.armed is None


def test_every_name_is_a_place_in_the_code():
    code = "".join(path.read_text() for path in SOURCE.rglob("*.py") if path.name != "failpoints.py" and "drill" not in path.parts)
    assert [name for name in NAMES if f'failpoints.reach("{name}")' not in code] == []
