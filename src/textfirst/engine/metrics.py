"""The engine's figures for Prometheus, in a file beside its sockets that the front serves with its own."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from textfirst.channels.contract import Delays
from textfirst.engine.bind import Bind, Engine

# What is counted, and what it says.
COUNTED: Final = {
    "claimed": "messages taken from the outbox",
    "written": "parts written to carriers",
    "accepted": "parts that carriers took",
    "not_answered": "parts without an answer",
    "taken_back": "attempts taken back before a byte left",
    "handed_over": "messages that another carrier tries after the first refused them for now",
    "decided_again": "decisions taken again at the claim",
    "receipts": "receipts stored",
    "orphans": "receipts whose message was not known when they came",
    "adopted": "early receipts that found their message",
    "placed": "receipts placed by their phone because the answer that named them was lost",
    "texts": "inbound texts stored",
    "repeated": "copies of inbound texts recognised after a lost session",
    "inbound_refused": "inbound messages refused because they could not be stored",
    "rejected_inbound": "inbound messages put aside",
    "ambiguous": "attempts of earlier holders settled without an answer",
    "loops_broken": "loops that broke and were begun again",
}
REFUSED: Final = "refused "
CLAIM: Final = "claim "
CLAIM_BOUNDS: Final = (0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0)  # seconds


def note_claim(counts: Counter[str], seconds: float) -> None:
    """How long a claim took: claim, check and attempts in one transaction, committed."""
    counts[f"{CLAIM}{bisect_left(CLAIM_BOUNDS, seconds)}"] += 1
    counts[f"{CLAIM}microseconds"] += int(seconds * 1e6)


def write_metrics(path: Path, engine: Engine, binds: Iterable[Bind]) -> None:
    """Replace the file at once, so that a reader never sees half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside, known = path.with_suffix(".new"), list(binds)
    beside.write_text("\n".join([*_counts(engine), *_claims(engine.counts), *_binds(known), *_answers(known), *_receipts(known)]) + "\n")
    os.replace(beside, path)  # noqa: PTH105 - one system call


def _counts(engine: Engine) -> Iterable[str]:
    for name, words in COUNTED.items():
        yield f"# HELP textfirst_engine_{name}_total {words}"
        yield f"# TYPE textfirst_engine_{name}_total counter"
        yield f"textfirst_engine_{name}_total {engine.counts[name]}"
    yield "# HELP textfirst_engine_refused_total parts that carriers refused, by reason"
    yield "# TYPE textfirst_engine_refused_total counter"
    for name, count in engine.counts.items():
        if name.startswith(REFUSED):
            yield f'textfirst_engine_refused_total{{reason="{name.removeprefix(REFUSED)}"}} {count}'


def _claims(counts: Counter[str]) -> Iterable[str]:
    yield "# HELP textfirst_engine_claim_seconds how long claims took, their checks and attempts committed"
    yield "# TYPE textfirst_engine_claim_seconds histogram"
    so_far = 0
    for place, bound in enumerate((*CLAIM_BOUNDS, "+Inf")):
        so_far += counts[f"{CLAIM}{place}"]
        yield f'textfirst_engine_claim_seconds_bucket{{le="{bound}"}} {so_far}'
    yield f"textfirst_engine_claim_seconds_sum {counts[f'{CLAIM}microseconds'] / 1e6}"
    yield f"textfirst_engine_claim_seconds_count {so_far}"


GAUGES: Final[Mapping[str, tuple[str, Callable[[Bind], float]]]] = {
    "bound": ("whether the channel is connected", lambda bind: int(bind.line is not None and bind.line.lost is None)),
    "in_flight": ("attempts without a stored answer", lambda bind: len(bind.open)),
    "window_used_ratio": (
        "attempts without a stored answer, as part of the window",
        lambda bind: round(len(bind.open) / bind.facts.window, 3),
    ),
    "segments_per_second": ("segments sent lately", lambda bind: round(bind.pace.measured, 1)),
    "allowed_per_second": ("segments that may be sent, 0 for no limit", lambda bind: round(bind.pace.rate, 1)),
}


def _binds(binds: list[Bind]) -> Iterable[str]:
    for name, (words, value) in GAUGES.items():
        yield f"# HELP textfirst_engine_{name} {words}"
        yield f"# TYPE textfirst_engine_{name} gauge"
        for bind in binds:
            yield f"textfirst_engine_{name}{{{_which(bind)}}} {value(bind)}"


def _answers(binds: list[Bind]) -> Iterable[str]:
    yield from _histogram(
        "answer", "from submit to the carrier's answer, since the connection was opened",
        ((bind, bind.line.delays if bind.line is not None else Delays()) for bind in binds),
    )  # fmt: skip


def _receipts(binds: list[Bind]) -> Iterable[str]:
    words = "from submit to the carrier's last word on a text, when that came by a receipt"
    yield from _histogram("receipt", words, ((bind, bind.reported_after) for bind in binds))


def _histogram(name: str, words: str, each: Iterable[tuple[Bind, Delays]]) -> Iterable[str]:
    yield f"# HELP textfirst_engine_{name}_seconds {words}"
    yield f"# TYPE textfirst_engine_{name}_seconds histogram"
    for bind, delays in each:
        so_far = 0
        for bound, count in zip((*delays.bounds, "+Inf"), delays.counts, strict=True):
            so_far += count
            yield f'textfirst_engine_{name}_seconds_bucket{{{_which(bind)},le="{bound}"}} {so_far}'
        yield f"textfirst_engine_{name}_seconds_sum{{{_which(bind)}}} {round(delays.seconds, 6)}"
        yield f"textfirst_engine_{name}_seconds_count{{{_which(bind)}}} {so_far}"


def _which(bind: Bind) -> str:
    return f'channel="{bind.facts.id}",bind="{bind.slot}"'
