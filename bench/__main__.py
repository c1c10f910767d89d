"""`python -m bench` measures everything that is short (ten minutes); `python -m bench NAME` one thing, with its own options.

`--dry` shows without writing to bench/results; `python -m bench table` puts the results into docs/explain/performance.md."""

from __future__ import annotations

import sys
from importlib import import_module

from bench import report

SHORT = ("protocols", "decisions", "campaign", "kannel", "latency", "storm", "inbound", "front", "pump")
ALONE = ("million", "costs")


def main() -> None:
    name, *argv = sys.argv[1:] or ["short"]
    if "--dry" in argv:
        argv.remove("--dry")
        report.KEEP = False
    if name == "table":
        report.table()
    elif name == "short":
        for each in SHORT:
            import_module(f"bench.{each}").main(argv)
    elif name in (*SHORT, *ALONE):
        import_module(f"bench.{name}").main(argv)
    else:
        sys.exit(f"python -m bench [{'|'.join((*SHORT, *ALONE, 'table'))}]")


main()
