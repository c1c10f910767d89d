"""What must outlive a power failure is flushed before anything counts on it. Whether it is enough, `textfirst drill --only T4` shows."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from textfirst.database.server.account import Account
from textfirst.database.server.flushing import flush_tree


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was flushed, in order."""
    names: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return names


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_afterwards(tmp_path: Path, flushed: list[str]) -> None:
    me = pwd.getpwuid(os.geteuid())
    Account(me.pw_name, me.pw_uid, me.pw_gid, drops=False).write(tmp_path / "settings", "fsync = on\n")
    assert flushed == [".settings.new", tmp_path.name]
    assert (tmp_path / "settings").read_text() == "fsync = on\n"


def test_everything_below_a_folder_and_nothing_a_link_leads_to(tmp_path: Path, flushed: list[str]) -> None:
    (tmp_path / "tree" / "bin").mkdir(parents=True)
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "tree" / "note").write_text("18")
    (tmp_path / "tree" / "bin" / "postgres").write_text("x")
    (tmp_path / "tree" / "bin" / "link").symlink_to(tmp_path / "elsewhere")
    flush_tree(tmp_path / "tree")
    assert sorted(flushed) == ["bin", "note", "postgres", "tree"]
