"""Fuzz the decoders, guided by coverage, one after the other; a crasher is written to `fuzz/crashers` and ends in 1.

New inputs that reach new code are kept in a working folder and merged into the corpus at the end, smallest first, so that the
repository keeps few and small ones.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fuzz.targets import TARGETS

HERE = Path(__file__).parent
SLOWEST = 1  # seconds for one input
MOST_MEMORY = 512  # MB
LONGEST = 4096  # octets of an input
INTERRUPTED = 72  # libFuzzer's exit code after Ctrl-C or SIGTERM: nothing was found


def main() -> int:
    options = _options()
    failed = [name for name in options.targets if not fuzz(name, options.minutes * 60 / len(options.targets))]
    print(f"crashers of {', '.join(failed)} are in fuzz/crashers: fix, and keep them" if failed else "no crash, no hang, no growth")
    return 1 if failed else 0


def fuzz(name: str, seconds: float) -> bool:
    """Fuzz one target for so long; whether it stood."""
    corpus, crashers = HERE / "corpus" / name, HERE / "crashers" / name
    for folder in (corpus, crashers):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        found, merged = Path(folder) / "found", Path(folder) / "merged"
        found.mkdir()
        merged.mkdir()
        began, before = time.monotonic(), os.times()
        ended = _run(
            name, [f"-max_total_time={seconds:.0f}", f"-artifact_prefix={crashers}/", f"-max_len={LONGEST}", str(found), str(corpus)]
        )
        used = os.times()
        cpu = used.children_user + used.children_system - before.children_user - before.children_system
        print(
            f"{name}: {time.monotonic() - began:.0f} s, {cpu:.0f} s of CPU, {'stood' if not ended else 'was interrupted' if ended == INTERRUPTED else 'broke'}",
            flush=True,
        )
        if not _run(name, ["-merge=1", str(merged), str(corpus), str(found)], quiet=True) and any(merged.iterdir()):
            _replace(corpus, merged)
    return ended in {0, INTERRUPTED}


def _replace(corpus: Path, merged: Path) -> None:
    for old in corpus.iterdir():
        old.unlink()
    for new in merged.iterdir():
        shutil.copyfile(new, corpus / new.name)


def _run(name: str, arguments: list[str], *, quiet: bool = False) -> int:
    ours = {
        "FUZZ_TARGET": name,
        "PYTHONPATH": f"{HERE.parent}:{HERE.parent / 'src'}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command = [str(HERE / "guided.py"), f"-timeout={SLOWEST}", f"-rss_limit_mb={MOST_MEMORY}", *arguments]
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=HERE.parent, env={**os.environ, **ours}, stdout=output, stderr=output, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)}; all unless named")
    parser.add_argument("--minutes", type=float, default=60.0, help="in all, shared by the targets")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    options.targets = options.targets or list(TARGETS)
    return options


if __name__ == "__main__":
    sys.exit(main())
