"""What a measurement found: a readable table on the terminal, a small JSON file in bench/results, and the table in docs.

A result is one JSON file per kind, replaced by the next run: `{"bench", "at", "machine", "rows", …details}`; a row is what was measured,
what is wanted (`>= 10000`, `<= 140`, or nothing when it is only to be known), and whether that is met.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "explain" / "performance.md"
KEEP = True  # False with --dry: a trial does not replace a result
BEGIN, END = "<!-- latest: written by `python -m bench table` -->", "<!-- latest: end -->"


@dataclass(frozen=True)
class Row:
    """One figure. `want` is a comparison and a number, or empty."""

    what: str
    measured: float
    unit: str
    want: str = ""
    met: bool | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "met", _holds(self.measured, self.want))


def _holds(measured: float, want: str) -> bool | None:
    if not want:
        return None
    sign, _, number = want.partition(" ")
    return measured >= float(number) if sign == ">=" else measured <= float(number)


def write(kind: str, rows: Sequence[Row], **details: Any) -> None:
    """Show the rows and keep them with whatever else was found."""
    show(kind, [asdict(row) for row in rows])
    if not KEEP:
        return
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{kind.replace(' ', '-')}.json"
    found = {
        "bench": kind,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": _machine(),
        "rows": [asdict(row) for row in rows],
        **details,
    }
    path.write_text(json.dumps(found, indent=2) + "\n")
    print(f"  written to {path.relative_to(ROOT)}", flush=True)


def show(title: str, rows: Iterable[Mapping[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows:
        verdict = {True: "met", False: "MISSED", None: ""}[row["met"]]
        print(f"  {row['what']:<62} {_number(row['measured']):>10} {row['unit']:<12} {_wanted(row):<12} {verdict}".rstrip(), flush=True)


def table() -> None:
    """Put the latest of every kind into docs/explain/performance.md."""
    lines = ["| | measured | wanted | met |", "|---|--:|--:|---|"]
    for path in sorted(RESULTS.glob("*.json")):
        found = json.loads(path.read_text())
        if "rows" not in found:
            continue
        on = f"{found['at'][:10]}, {found.get('commit', '')}, {found['machine']['cores']} cores, load {found['machine'].get('load', '?')}"
        lines.append(f"| **{found['bench']}** ({on}) | | | |")
        for row in found["rows"]:
            verdict = {True: "yes", False: "**no**", None: ""}[row["met"]]
            lines.append(f"| {row['what']} | {_number(row['measured'])} {row['unit']} | {_wanted(row)} | {verdict} |")
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{os.linesep.join(lines)}\n{END}{after}")
    print(f"written to {PAGE.relative_to(ROOT)}")


def _wanted(row: Mapping[str, Any]) -> str:
    sign, _, number = row["want"].partition(" ")
    return f"{'≥' if sign == '>=' else '≤'} {_number(float(number))}" if number else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _commit() -> str:
    said = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _machine() -> dict[str, Any]:
    """What else the machine did matters: the load of the last minute is shown beside every result."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "processor": platform.machine(),
        "load": round(os.getloadavg()[0], 1),
    }


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
