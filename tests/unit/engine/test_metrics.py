from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from textfirst.channels.contract import ChannelFacts, Delays
from textfirst.channels.registry import adapter_for
from textfirst.core.ids import new_id
from textfirst.engine.bind import Bind, Engine
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


def test_delays_added_together_are_counted_as_one_by_one():
    bounds = (0.5, 1.0, 5.0)
    together, singly = Delays(bounds), Delays(bounds)
    each = [0.1, 7.0, 0.5, 5.0, 0.0, 1.0, 1.1]
    together.add_all(each)
    together.add_all([])
    for one in each:
        singly.add(one)
    assert together.counts == singly.counts == [3, 1, 2, 1]
    assert together.seconds == pytest.approx(singly.seconds)


def test_each_bind_of_a_channel_has_figures_of_its_own(tmp_path: Path):
    """Two lines with the same labels would make the whole page unreadable to Prometheus."""
    engine = Engine(MemoryStore(), "node")
    facts = ChannelFacts(new_id(), new_id(), "simulator", "10001", {}, {}, 0, 20, 1, 2)
    binds = [Bind(engine, facts.of_bind(slot), adapter_for(facts, smpp_bind="127.0.0.1:1"), slot) for slot in range(2)]
    binds[0].opened([new_id() for _ in range(5)])
    delays = Delays()
    for seconds in (0.004, 0.2, 90.0):
        delays.add(seconds)
    binds[1].line = SimpleNamespace(delays=delays, lost=None)
    binds[0].reported_after.add_all([0.2, 40.0])
    write_metrics(tmp_path / "engine.prom", engine, binds)
    page = (tmp_path / "engine.prom").read_text()
    names = [line.rpartition(" ")[0] for line in page.splitlines() if not line.startswith("#")]
    assert len(names) == len(set(names))
    first, second = (f'channel="{facts.id}",bind="{slot}"' for slot in range(2))
    assert f"textfirst_engine_window_used_ratio{{{first}}} 0.5" in page
    assert f'textfirst_engine_answer_seconds_bucket{{{second},le="0.25"}} 2' in page
    assert f'textfirst_engine_answer_seconds_bucket{{{second},le="+Inf"}} 3' in page
    assert f"textfirst_engine_answer_seconds_sum{{{second}}} 90.204" in page
    assert f'textfirst_engine_receipt_seconds_bucket{{{first},le="0.25"}} 1' in page
    assert f'textfirst_engine_receipt_seconds_bucket{{{first},le="60.0"}} 2' in page
    assert f"textfirst_engine_receipt_seconds_count{{{second}}} 0" in page
    assert {family.name for family in text_string_to_metric_families(page)} >= {"textfirst_engine_answer_seconds", "textfirst_engine_bound"}
