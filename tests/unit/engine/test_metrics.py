from __future__ import annotations

from pathlib import Path

from textfirst.engine.bind import Engine
from textfirst.engine.metrics import note_claim, write_metrics
from textfirst.testing.store import MemoryStore


def test_claims_are_counted_up_to_each_bound(tmp_path: Path):
    engine = Engine(MemoryStore(), "node")
    for seconds in (0.001, 0.004, 0.004, 0.05, 7.0):
        note_claim(engine.counts, seconds)
    write_metrics(tmp_path / "engine.prom", engine, [])
    lines = [line for line in (tmp_path / "engine.prom").read_text().splitlines() if line.startswith("textfirst_engine_claim_seconds")]
    assert lines == [
        'textfirst_engine_claim_seconds_bucket{le="0.002"} 1',
        'textfirst_engine_claim_seconds_bucket{le="0.005"} 3',
        'textfirst_engine_claim_seconds_bucket{le="0.01"} 3',
        'textfirst_engine_claim_seconds_bucket{le="0.015"} 3',
        'textfirst_engine_claim_seconds_bucket{le="0.02"} 3',
        'textfirst_engine_claim_seconds_bucket{le="0.03"} 3',
        'textfirst_engine_claim_seconds_bucket{le="0.05"} 4',
        'textfirst_engine_claim_seconds_bucket{le="0.1"} 4',
        'textfirst_engine_claim_seconds_bucket{le="0.25"} 4',
        'textfirst_engine_claim_seconds_bucket{le="1.0"} 4',
        'textfirst_engine_claim_seconds_bucket{le="+Inf"} 5',
        "textfirst_engine_claim_seconds_sum 7.059",
        "textfirst_engine_claim_seconds_count 5",
    ]
