"""The command and its table. Whole drills are not run here: they take minutes, and `.ci/run` runs the short ones."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from textfirst.cli.drill import drill
from textfirst.core.errors import SettingError
from textfirst.drill import harness, report
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.harness import Result
from textfirst.drill.ledger import Ledger
from textfirst.drill.scenario import Scenario
from textfirst.drill.scenarios import programme
from textfirst.drill.scenarios.neighbours import claims, p95, slow


def test_the_list_says_what_each_is_to_show():
    shown = CliRunner().invoke(drill, ["--list"])
    assert shown.exit_code == 0
    for one in programme():
        assert one.name in shown.output
        assert one.hypothesis in shown.output


def test_a_drill_that_is_not_there_is_named():
    shown = CliRunner().invoke(drill, ["--only", "T1,T99"])
    assert shown.exit_code == 2
    assert "There is no drill T99" in shown.output


def test_without_its_codec_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr("textfirst.cli.drill.find_spec", lambda _: None)
    with pytest.raises(SettingError, match=r'pip install "textfirst\[drill\]"'):
        CliRunner().invoke(drill, ["--list"], catch_exceptions=False)


def test_the_programme_is_in_order_and_each_has_its_words():
    names = [one.name for one in programme()]
    assert names.index("T2") < names.index("T10")
    assert len(names) == len(set(names))
    assert all(one.title and one.hypothesis.endswith(".") for one in programme())


def test_what_a_machine_lacks_is_said_and_nothing_is_started(monkeypatch):
    class Lacking(Scenario):
        name, title, hypothesis = "T0", "nothing", "Nothing."

        def missing(self):
            return "There is no moon."

    monkeypatch.setattr(harness, "new_installation", None)
    result = harness.run(Lacking(), seed=1)
    assert (result.word, result.missing) == ("not run", "There is no moon.")


def test_a_broken_promise_is_in_the_words_the_json_and_the_table(tmp_path):
    verdict = Verdict({"accepted": 12_345, "lost": 1})
    verdict.breach("I1", "messages are lost", ["one to …000001"])
    result = Result("T1", "kill -9", "Nothing is lost.", 7, 12.3, verdict=verdict, facts={"killed": "3 × engine"})
    held = Result("T3", "PostgreSQL", "It comes back.", 7, 4.0)
    page = tmp_path / "drills.md"
    page.write_text("# Results\n")
    report.append(page, [result, held], version="1.2.3", machine="2 cores")
    assert result.word == "BROKEN"
    assert "I1: 1 messages are lost (one to …000001)" in report.in_words(result)
    assert report.as_json(result)["breaches"] == ["I1: 1 messages are lost (one to …000001)"]
    written = page.read_text()
    assert "| T1 kill -9 | BROKEN | 7 | 12 | 12,345 |" in written
    assert "| T3 PostgreSQL | held |" in written
    assert "T1: I1: 1 messages are lost" in written


def test_every_promise_is_on_disk_before_the_call_returns(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.note("accepted", key="k", message_id="m")
    assert '"key": "k"' in ledger.path.read_text()
    ledger.close()


def test_slow_claims_are_counted_between_two_looks(tmp_path):
    class Home:
        home = tmp_path

    (tmp_path / "run").mkdir()
    lines = ['textfirst_engine_claim_seconds_bucket{le="0.05"} 90', "textfirst_engine_claim_seconds_count 100"]
    (tmp_path / "run" / "engine.prom").write_text("\n".join(lines))
    assert claims(Home()) == (100, 90)
    assert slow((100, 90), (50, 50)) == pytest.approx(0.2)
    assert slow((50, 50), (50, 50)) == 0.0
    assert p95(list(range(100))) == 95
