"""What one process can know of another's death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from textfirst.engine import presence
from textfirst.engine.connections import session_name
from textfirst.engine.presence import is_gone, node_name

NAMES_ITSELF = "import sys; from pathlib import Path; from textfirst.engine.presence import node_name; print(node_name(Path(sys.argv[1])), flush=True); input()"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process on this home, and what it calls itself."""
    with subprocess.Popen(
        [sys.executable, "-c", NAMES_ITSELF, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_living_process_is_not_gone_and_a_killed_one_is(tmp_path: Path, other: tuple[subprocess.Popen[str], str]) -> None:
    process, name = other
    ours = node_name(tmp_path)
    assert (is_gone(name, ours), is_gone(ours, ours)) == (False, False)
    process.send_signal(signal.SIGSTOP)
    assert not is_gone(name, ours)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_gone(name, ours)  # dead, but its parent has not buried it
    process.wait()
    assert is_gone(name, ours)


def test_another_process_with_the_number_of_a_dead_one_does_not_hide_its_death(tmp_path: Path) -> None:
    ours = node_name(tmp_path)
    place, pid, began = ours.rsplit(":", 2)
    assert int(pid) == os.getpid()
    assert is_gone(f"{place}:{pid}:{int(began) - 1}", ours)


@pytest.mark.parametrize("holder", ["", "gone", "a:b", "node", "host:1:2", "::", ":::"])
def test_of_a_name_that_says_nothing_nothing_is_known(tmp_path: Path, holder: str) -> None:
    assert not is_gone(holder, node_name(tmp_path))


def test_of_another_home_host_or_boot_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = node_name(tmp_path)
    host, place, _, _ = ours.split(":")
    assert is_gone(f"{host}:{place}:{2**22 + 1}:5", ours)
    for holder in (f"{node_name(tmp_path / 'other').rsplit(':', 2)[0]}:{2**22 + 1}:5", f"elsewhere:{place}:{2**22 + 1}:5"):
        assert not is_gone(holder, ours)


def test_where_the_kernel_says_nothing_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PROC", tmp_path)
    first, second = node_name(tmp_path), node_name(tmp_path)
    assert first != second
    host, place, _, _ = first.split(":")
    assert not is_gone(f"{host}:{place}:{2**22 + 1}:5", second)


def test_the_name_of_a_session_at_the_server_holds_it(tmp_path: Path) -> None:

    assert len(session_name(node_name(tmp_path))) <= 63
