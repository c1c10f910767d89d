"""Verdicts of the bench: a target missed must show as missed, and nothing without a target gets a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench import report
from bench.million import Tenth, _percentile, _rate
from bench.report import Row, percentile


@pytest.mark.parametrize(
    ("measured", "want", "met"),
    [(10_000, ">= 10000", True), (9_999, ">= 10000", False), (140, "<= 140", True), (140.1, "<= 140", False), (7, "", None)],
)
def test_a_row_says_whether_its_target_is_met(measured: float, want: str, met: bool | None):
    assert Row("messages", measured, "a second", want).met is met


def test_percentiles_are_values_that_occurred():
    assert [percentile(range(1, 101), share) for share in (0.5, 0.95, 1.0)] == [51, 96, 100]
    assert percentile([], 0.95) == 0


def test_results_are_kept_and_shown_in_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "PAGE", page)
    report.write("campaign", [Row("messages", 12_345, "a second", ">= 10000"), Row("CPU", 150, "µs", "<= 140")], carrier="sink")
    report.table()
    assert json.loads((tmp_path / "campaign.json").read_text())["carrier"] == "sink"
    assert "MISSED" in capsys.readouterr().out
    written = page.read_text()
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "old" not in written
    assert "| messages | 12,345 a second | ≥ 10,000 | yes |" in written
    assert "| CPU | 150 µs | ≤ 140 | **no** |" in written


def test_a_trial_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "KEEP", False)
    report.write("campaign", [Row("messages", 1, "a second")])
    assert not list(tmp_path.iterdir())


def test_claims_are_at_most_the_bound_that_holds_so_many():
    claims = {"0.01": 90.0, "0.05": 99.0, "0.1": 100.0, "+Inf": 100.0}
    assert _percentile(claims, 0.99) == 0.05
    assert _percentile(claims, 0.995) == 0.1
    assert _percentile({"0.01": 0.0, "+Inf": 1.0}, 0.99) == float("inf")


def test_a_tenth_is_timed_by_itself():
    tenths = [Tenth(at, 0.0, {}, {}) for at in (100.0, 110.0, 130.0)]
    assert [_rate(tenths, number, 1_000_000) for number in (1, 2)] == [10_000, 5_000]
