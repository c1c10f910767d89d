"""T4: the power fails, and what was not flushed is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

import psutil

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import Broken, Installation, within
from textfirst.drill.scenario import Drill, Load, Scenario

LAZYFS: Final = "lazyfs"
CUTS: Final = 5
BETWEEN: Final = (4.0, 9.0)  # seconds of load from one to the next
DROPPED_WITHIN: Final = 30.0  # seconds
SETTINGS: Final = """
[faults]
fifo_path="{folder}/faults"
fifo_path_completed="{folder}/done"
[cache]
apply_eviction=false
[cache.simple]
custom_size="1GB"
blocks_per_page=1
[filesystem]
log_all_operations=false
logfile="{folder}/lazyfs.log"
"""


class PowerLoss(Scenario):
    """Everything dies at once, and LazyFS forgets what the database's files were told and not told to flush."""

    name: ClassVar[str] = "T4"
    title: ClassVar[str] = "power loss"
    hypothesis: ClassVar[str] = (
        "Whatever the API has acknowledged was flushed to the disk before: with everything unflushed dropped, it is there."
    )
    load: ClassVar[Load] = Load(recipients=6_000, rate=80, seconds=40, quiet_within=300)

    def missing(self) -> str:
        if not sys.platform.startswith("linux") or os.geteuid() != 0 or not Path("/dev/fuse").exists():
            return "It takes FUSE and root: a file system that drops what was not flushed."
        if shutil.which(LAZYFS) is None:
            return "It takes LazyFS on the path: https://github.com/dsrhaslab/lazyfs, built from its sources (docs/guides/run-a-drill.md)."
        return ""

    def before(self, home: Path) -> None:
        """The database's folder on a file system that forgets."""
        self._folder, self._place = home.parent / "lazy", home / "pg"
        disk = self._folder / "disk"
        for each in (disk, self._place):
            each.mkdir(parents=True, mode=0o755)
        for name in ("faults", "done"):
            os.mkfifo(self._folder / name)
        settings = self._folder / "lazyfs.toml"
        settings.write_text(SETTINGS.format(folder=self._folder))
        command = [
            LAZYFS,
            str(self._place),
            "--config-path",
            str(settings),
            "-o",
            "allow_other",
            "-o",
            "modules=subdir",
            "-o",
            f"subdir={disk}",
            "-f",
        ]
        self._lazyfs = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not within(DROPPED_WITHIN, self._place.is_mount):
            raise Broken("LazyFS did not mount.")

    def after(self) -> None:
        subprocess.run(["umount", "--lazy", str(self._place)], check=False)
        self._lazyfs.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._lazyfs.wait(10)

    def faults(self, drill: Drill) -> None:
        self._survived = 0
        slowest = 0.0
        for cut in range(1, CUTS + 1):
            drill.wait(drill.random.uniform(*BETWEEN))
            witness = self._place / "witness"
            witness.write_bytes(b"never flushed")
            _kill_all(drill.installation, but=self._lazyfs.pid)
            self._drop()
            self._survived += witness.exists() and witness.stat().st_size > 0
            drill.note(f"power failed, {cut}")
            began = time.monotonic()
            drill.installation.up()
            slowest = max(slowest, time.monotonic() - began)
        drill.facts["power failures"] = CUTS
        drill.facts["slowest start after one"] = f"{slowest:.1f} s"

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if self._survived:
            yield "A file that nobody had flushed outlived a power failure, so nothing was shown."

    def _drop(self) -> None:
        """Whatever was not flushed is gone when this returns."""
        done = os.open(self._folder / "done", os.O_RDONLY | os.O_NONBLOCK)
        try:
            with (self._folder / "faults").open("w") as faults:
                faults.write("lazyfs::clear-cache\n")
            if not within(DROPPED_WITHIN, lambda: b"finished" in _read(done), every=0.02):
                raise Broken("LazyFS did not say that it had dropped what was not flushed.")
        finally:
            os.close(done)


def _kill_all(installation: Installation, *, but: int) -> None:
    """As when the current is gone: nobody is asked. The file system that plays the disk goes on."""
    living = [each for each in installation.processes() if each.pid != but]
    for each in living:
        with suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(living, timeout=10)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except BlockingIOError:
        return b""


SCENARIOS = (PowerLoss,)
