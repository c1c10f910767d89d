import json
import signal
import subprocess
import sys
import time

import pytest

FAMILY = """
import os, sys, time
from textfirst.config.family import AFRESH, Family, told_to_begin

def first_wants_afresh():
    name = sys.argv[1]
    with open(name, "a") as notes:
        notes.write("x")
    if os.path.getsize(name) == 1:
        sys.exit(AFRESH)
    if os.path.getsize(name) == 2:
        sys.exit(3)
    time.sleep(60)

told_to_begin()
Family({"one": first_wants_afresh}).live()
"""


@pytest.fixture
def family(tmp_path):
    command = [sys.executable, "-c", FAMILY, str(tmp_path / "notes")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        yield process
        process.kill()


def test_a_family_begins_when_told_and_its_members_are_started_again(family):
    family.stdin.write("{}\n")
    said = [json.loads(family.stdout.readline()) for _ in range(4)]
    assert [one["kind"] for one in said] == ["started", "started", "died", "started"]  # who asks for a fresh start has not died
    assert said[2] == {"kind": "died", "name": "one", "code": 3, "pause": 1.0, "deaths": 1}
    family.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert family.wait(20) == 0
    assert time.monotonic() - began < 4  # each of the two stops within two seconds, and one has nothing to stop


def test_a_family_that_is_never_told_ends_with_its_supervisor(family):
    family.stdin.close()
    assert family.wait(10) == 0
    assert family.stdout.read() == ""
