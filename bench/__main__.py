"""`python -m bench` measures everything that is short (ten minutes); `python -m bench NAME` one thing, with its own options (`--help`).

`--dry` shows without writing to bench/results; `python -m bench table` puts the results into docs/explain/performance.md.
"""

from __future__ import annotations

import signal
import sys
import time
from importlib import import_module

from bench import report

# What the short run gives each; alone they take more runs and more messages.
SHORT = (
    ("protocols", []),
    ("decisions", []),
    ("campaign", ["--recipients", "20000", "--runs", "1"]),
    ("campaign", []),
    ("memory", []),
    ("kannel", ["--runs", "1"]),
    ("latency", []),
    ("storm", []),
    ("inbound", []),
    ("front", []),
    ("pump", []),
)
ALONE = ("million", "costs", "consent")
NAMES = (*dict.fromkeys(name for name, _ in SHORT), *ALONE)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started is stopped and its folders go
    name, *argv = sys.argv[1:] or ["short"]
    if name == "--dry":
        name, argv = "short", ["--dry"]
    if "--dry" in argv:
        argv.remove("--dry")
        report.KEEP = False
    if name == "table":
        report.table()
    elif name == "short":
        for each, given in SHORT:
            began = time.monotonic()
            import_module(f"bench.{each}").main(given)
            print(f"  {time.monotonic() - began:.0f} s", flush=True)
    elif name in NAMES:
        import_module(f"bench.{name}").main(argv)
    else:
        sys.exit(f"python -m bench [{'|'.join((*NAMES, 'table'))}] [--dry]")


main()
