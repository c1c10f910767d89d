"""Drills on the screen and in the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from textfirst.drill.harness import Result

COLUMNS = (
    "accepted", "submitted", "duplicates", "duplicates, flagged", "lost", "unknown", "doubt allowed", "receipts sent", "receipts recorded",
    "inbound sent", "inbound stored", "crossings", "attempts after STOP",
)  # fmt: skip
HEADINGS = (
    "drill", "verdict", "seed", "s", "accepted", "at the carrier", "doubled", "doubled, flagged", "lost", "unknown", "doubt allowed", "receipts sent",
    "recorded", "inbound sent", "stored", "crossed a STOP", "attempts after STOP", "latest crossing, ms",
)  # fmt: skip


def in_words(result: Result) -> str:
    """One drill, for a person who watches."""
    if result.missing:
        return f"{result.name} {result.title}: not run. {result.missing}"
    counts = " · ".join(f"{name} {result.verdict.counts[name]:,}" for name in result.verdict.counts)
    lines = [f"{result.name} {result.title}: {result.word} (seed {result.seed}, {result.seconds:.0f} s)", f"    {counts}"]
    if result.verdict.counts.get("crossings"):
        lines.append(f"    latest crossing {result.verdict.lateness_ms:.0f} ms after its STOP")
    lines += [f"    {name}: {value}" for name, value in result.facts.items()]
    lines += [f"    ! {one}" for one in (*([result.trouble] if result.trouble else []), *map(str, result.verdict.breaches), *result.broken)]
    if not result.holds:
        lines += [f"    {note}" for note in result.notes]
    return "\n".join(lines)


def as_json(result: Result) -> dict[str, object]:
    return {
        "name": result.name, "title": result.title, "verdict": result.word, "seed": result.seed, "seconds": round(result.seconds, 1),
        "missing": result.missing, "trouble": result.trouble, "counts": result.verdict.counts, "lateness_ms": round(result.verdict.lateness_ms, 1),
        "breaches": [str(one) for one in result.verdict.breaches] + result.broken, "facts": {name: str(value) for name, value in result.facts.items()},
    }  # fmt: skip


def append(path: Path, results: Sequence[Result], *, version: str, machine: str) -> None:
    """A dated table at the end of the page."""
    now = datetime.now(UTC)
    lines = [f"\n## {now:%Y-%m-%d %H:%M} UTC, Textfirst {version}, {machine}\n"]
    lines += [f"| {' | '.join(HEADINGS)} |", f"|{'---|' * len(HEADINGS)}"]
    lines += [f"| {' | '.join(_cells(one))} |" for one in results if not one.missing]
    for result in results:
        lines += [f"\n{result.name} was not run: {result.missing}"] if result.missing else []
        lines += [f"\n{result.name}: {one}" for one in (result.trouble, *map(str, result.verdict.breaches), *result.broken) if one]
        facts = ". ".join(f"{name[0].upper()}{name[1:]}: {value}" for name, value in result.facts.items())
        lines += [f"\n{result.name}. {facts}."] if facts else []
    with path.open("a") as page:
        page.write("\n".join(lines) + "\n")


def _cells(result: Result) -> list[str]:
    counts = [f"{result.verdict.counts.get(name, 0):,}" for name in COLUMNS]
    return [
        f"{result.name} {result.title}",
        result.word,
        str(result.seed),
        f"{result.seconds:.0f}",
        *counts,
        f"{result.verdict.lateness_ms:.0f}",
    ]
