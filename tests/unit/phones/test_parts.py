"""The simulator's pieces one by one: knobs, personas, phones, the wheel, the log of frames and its reader."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from textfirst.core.errors import InvalidInput
from textfirst.phones import frames, oracle
from textfirst.phones.commit import GroupCommit
from textfirst.phones.frames import FrameLog, Kind
from textfirst.phones.handset import Handsets, State, Text
from textfirst.phones.knobs import Knobs
from textfirst.phones.personas import Language, Temper, persona_of, reply
from textfirst.phones.wheel import Wheel
from textfirst.protocols.smpp.message_ids import IdForm


class TestKnobs:
    def test_turned_by_json(self) -> None:
        turned = Knobs().changed({"fail_percent": 5, "id_format": "hex_then_decimal", "personas": True, "receipt_delay_min_ms": 10.0})
        assert turned == Knobs(fail_percent=5.0, id_format=IdForm.HEX_THEN_DECIMAL, personas=True, receipt_delay_min_ms=10)
        assert Knobs().changed(turned.as_json()) == turned

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("fail_percent", 101),
            ("fail_percent", "5"),
            ("fail_percent", True),
            ("fail_percent", float("nan")),
            ("lose_percent", -1),
            ("receipt_delay_max_ms", 1),
            ("receipt_delay_max_ms", 10**9),
            ("id_format", "octal"),
            ("id_format", ["hex"]),
            ("personas", 1),
            ("speed", 0),
            ("colour", "red"),
            ("changed", 1),
            ("receipt_delay_max_ms", float("inf")),
        ],
    )
    def test_refused_by_name(self, name: str, value: object) -> None:
        with pytest.raises(InvalidInput) as refused:
            Knobs().changed({name: value})
        assert list(refused.value.fields) == [name]


class TestPersonas:
    @pytest.mark.parametrize(
        ("prefix", "language"),
        [("30", Language.GREEK), ("48", Language.POLISH), ("84", Language.VIETNAMESE), ("971", Language.ARABIC), ("44", Language.ENGLISH)],
    )
    def test_the_country_decides_the_language(self, prefix: str, language: Language) -> None:
        assert persona_of(f"{prefix}6900000001").language is language
        assert persona_of(f"+{prefix}6900000001") == persona_of(f"{prefix}6900000001")

    def test_every_temper_is_met_about_as_often_as_meant(self) -> None:
        tempers = [persona_of(f"4479{number:08d}").temper for number in range(5000)]
        shares = {temper: tempers.count(temper) / 50 for temper in Temper}
        meant = {Temper.AGREES: 35, Temper.ASKS: 22, Temper.THANKS: 13, Temper.STOPS: 6, Temper.SILENT: 24}
        assert all(abs(shares[temper] - meant[temper]) < 3 for temper in Temper)

    def test_what_they_say(self) -> None:
        said = {(persona_of(address).language, persona_of(address).temper): reply(address, 0) for address in _addresses(2000)}
        assert len(said) == len(Language) * len(Temper)
        assert {text.text for (_, temper), text in said.items() if temper is Temper.STOPS and text} & {
            "STOP",
            "إيقاف",
            "ΣΤΟΠ",
            "HUY",
            "توقف",
        }
        assert all((text is None) == (temper is Temper.SILENT) for (_, temper), text in said.items())
        assert all(4 <= text.after <= 45 for text in said.values() if text)

    def test_nobody_goes_on_for_ever(self) -> None:
        assert all(reply(address, 2) is None for address in _addresses(300))


def _addresses(count: int) -> list[str]:
    return [f"{prefix}69{number:08d}" for prefix in ("30", "48", "84", "971", "44") for number in range(count // 5)]


class TestHandsets:
    @staticmethod
    def text(number: int) -> Text:
        return Text(number, typed=False, body="hi", at=0.0, state=State.ON_ITS_WAY)

    def test_the_latest_touched_comes_first_and_the_oldest_goes(self) -> None:
        phones = Handsets(phones=3)
        for address in ("1", "2", "3", "1", "4"):
            phones.touch(address)
        assert [phone.address for phone in phones.latest()] == ["4", "1", "3"]
        assert phones.find("2") is None

    def test_texts_are_bounded_per_phone_and_over_all(self) -> None:
        phones = Handsets(phones=100, texts=25, texts_per_phone=10)
        for number in range(40):
            phones.show(phones.touch("first"), self.text(number))
        assert [text.number for text in phones.touch("first").texts] == list(range(30, 40))
        for number in range(20):
            phones.show(phones.touch(f"phone {number}"), self.text(number))
        assert phones.texts == sum(len(phone.texts) for phone in phones.latest()) <= 25
        assert phones.find("first") is None

    @pytest.mark.parametrize(
        ("ends", "state", "told"),
        [
            ([State.DELIVERED], State.ON_ITS_WAY, [False]),
            ([State.DELIVERED, State.DELIVERED], State.DELIVERED, [False, True]),
            ([State.FAILED, State.DELIVERED], State.FAILED, [False, False]),
            ([State.DELIVERED, State.LOST], State.LOST, [False, False]),
        ],
    )
    def test_a_text_is_delivered_when_all_its_parts_are(self, ends: list[State], state: State, told: list[bool]) -> None:
        text = Text(1, typed=False, body="", at=0.0, state=State.ON_ITS_WAY, parts=2)
        assert [text.part_done(end) for end in ends] == told
        assert text.state is state


async def test_the_wheel_runs_in_order_and_survives_a_failing_action() -> None:
    wheel, done = Wheel(), []
    problems: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: problems.append(context["exception"]))
    wheel.after(0.05, done.append, "late")
    wheel.after(0.0, done.append, "soon")
    wheel.after(0.02, {}.__delitem__, "nothing")
    assert wheel.waiting == 3
    await asyncio.sleep(0.1)
    assert done == ["soon", "late"]
    assert len(problems) == 1
    wheel.after(0.0, done.append, "never")
    wheel.stop()
    await asyncio.sleep(0.03)
    assert done == ["soon", "late"]


class TestFrames:
    def test_what_is_written_is_read_and_files_turn_over(self, tmp_path: Path) -> None:
        log = FrameLog(tmp_path, file_size=500, kept_files=3)
        for number in range(40):
            log.append([frames.record(Kind.READ, 7, bytes([number]) * 50, number, number)], {7: "channel"})
        log.close()
        assert len(frames.files(tmp_path)) == 3
        kept = [frame for frame in oracle.read(tmp_path) if frame.kind is Kind.READ]
        assert [frame.raw[0] for frame in kept] == list(range(40))[-len(kept) :]
        assert {frame.system_id for frame in kept} == {"channel"}
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in frames.files(tmp_path))

    def test_every_run_begins_its_own_file(self, tmp_path: Path) -> None:
        for number in range(3):
            log = FrameLog(tmp_path)
            log.append([frames.record(Kind.READ, number, b"x", 0, 0)], {})
            log.close()
        assert [frame.connection for frame in oracle.read(tmp_path)] == [0, 1, 2]

    @pytest.mark.parametrize("cut", range(1, 60, 7))
    def test_a_torn_end_is_the_end(self, tmp_path: Path, cut: int) -> None:
        log = FrameLog(tmp_path)
        log.append([frames.record(Kind.READ, 1, b"a" * 30, 0, 0), frames.record(Kind.READ, 2, b"b" * 30, 0, 0)], {})
        log.close()
        [path] = frames.files(tmp_path)
        os.truncate(path, path.stat().st_size - cut)
        assert [frame.connection for frame in oracle.read(tmp_path)] == [1]

    def test_a_changed_byte_is_noticed(self, tmp_path: Path) -> None:
        log = FrameLog(tmp_path)
        log.append([frames.record(Kind.READ, 1, b"a" * 30, 0, 0)], {})
        log.close()
        [path] = frames.files(tmp_path)
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        with pytest.raises(oracle.Damaged):
            list(oracle.read(tmp_path))


class _Peer:
    connection, system_id = 1, "channel"

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.abandoned = False
        self.held: list[bytes] = []

    def take_held(self) -> tuple[list[bytes], bytes]:
        held, self.held = self.held, []
        return held, b"!"

    def release(self, output: bytes) -> None:
        self.written.append(output)

    def abandon(self) -> None:
        self.abandoned = True


class _SlowLog:
    """Notes when a group was made durable."""

    def __init__(self, happened: list[str], problem: OSError | None = None) -> None:
        self.happened = happened
        self.problem = problem

    def append(self, records: list[bytes], _bound: object) -> None:
        if self.problem:
            raise self.problem
        self.happened.append(f"{b''.join(records).count(b'frame')} read and {b''.join(records).count(b'answer')} written on disk")

    def close(self) -> None:
        self.happened.append("closed")


async def test_nothing_is_released_before_it_is_on_disk() -> None:
    happened: list[str] = []
    commit = GroupCommit(_SlowLog(happened))  # type: ignore[arg-type]
    peer = _Peer()
    peer.release = lambda output: happened.append(f"released {output.decode()}")  # type: ignore[method-assign]
    for number in range(3):
        commit.record(Kind.READ, 1, b"frame")
        peer.held.append(f"answer {number} ".encode())
        commit.release_after(peer)
    assert happened == []
    await commit.close()
    assert happened == ["3 read and 3 written on disk", "released answer 0 answer 1 answer 2 !", "closed"]


async def test_a_disk_that_cannot_be_written_closes_the_connection_unanswered() -> None:
    commit = GroupCommit(_SlowLog([], OSError(28, "No space left on device")))  # type: ignore[arg-type]
    peer = _Peer()
    commit.record(Kind.READ, 1, b"frame")
    commit.release_after(peer)
    await commit.close()
    assert peer.abandoned
    assert peer.written == []
