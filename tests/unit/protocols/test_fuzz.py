"""What `make fuzz` tries for hours, here for a moment: arbitrary bytes, the corpus it has gathered, and every input that once broke something."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from fuzz.targets import TARGETS
from hypothesis import given
from hypothesis import strategies as st

from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.receipts import WORDS

FUZZ = Path(__file__).parents[3] / "fuzz"
SLOWEST = 1.0  # seconds for one input
KEPT = sorted(path for folder in ("corpus", "crashers") for path in (FUZZ / folder).rglob("*") if path.is_file())

addresses = st.builds(
    Address, st.integers(0, 255), st.integers(0, 255), st.text(st.characters(max_codepoint=255, min_codepoint=1), max_size=20)
)
parameters = st.lists(
    st.tuples(st.sampled_from([0x1E, 0x427, 0x424, 0x20C, 0x20E, 0x20F, 0x423, 0x1403]), st.binary(max_size=20)), max_size=5
)
messages = st.builds(
    build.submit_sm,
    st.integers(0, 2**32 - 1),
    source=addresses,
    destination=addresses,
    short_message=st.binary(max_size=254),
    data_coding=st.integers(0, 255),
    esm_class=st.integers(0, 255),
    tlvs=parameters,
    command=st.sampled_from([Command.SUBMIT_SM, Command.DELIVER_SM]),
)
others = st.builds(
    lambda command, status, body: struct.pack(">IIII", 16 + len(body), command, status, 7) + body,
    st.sampled_from(Command),
    st.sampled_from([0, 0x58]),
    st.binary(max_size=80),
)
streams = st.lists(st.one_of(messages, others, st.binary(max_size=20)), max_size=4).map(b"".join)

fields = st.one_of(
    st.sampled_from([b"id:", b"stat:", b"err=", b"done date:", b"submit_date: ", b"text:", b"sub:001 ", b"dlvrd:001 ", b" ", b",", b'"']),
    st.sampled_from([word.encode() for word in WORDS]),
    st.binary(max_size=12),
)
reports = st.tuples(st.integers(0, 255), st.lists(fields, max_size=14)).map(lambda said: bytes([said[0]]) + b"".join(said[1]))

elements = st.one_of(
    st.tuples(st.just(0), st.binary(min_size=3, max_size=3)),
    st.tuples(st.just(8), st.binary(min_size=4, max_size=4)),
    st.tuples(st.integers(0, 255), st.binary(max_size=6)),
)
user_data = st.lists(elements, max_size=3).map(lambda found: b"".join(bytes([kind, len(value)]) + value for kind, value in found))
headers = st.tuples(st.integers(0, 255), user_data, st.binary(max_size=140)).map(
    lambda said: bytes([said[0], 1, len(said[1])]) + said[1] + said[2]
)


@given(streams)
def test_streams(data: bytes) -> None:
    TARGETS["frames"](data)


@given(reports)
def test_reports(data: bytes) -> None:
    TARGETS["reports"](data)


@given(headers)
def test_headers(data: bytes) -> None:
    TARGETS["headers"](data)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_texts(data: bytes) -> None:
    TARGETS["gsm"](data)


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.binary(max_size=600))
def test_anything(target: str, data: bytes) -> None:
    TARGETS[target](data)


def test_what_was_gathered_and_what_once_broke() -> None:
    assert {path.parent.name for path in KEPT} == set(TARGETS)
    for path in KEPT:
        TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize(
    "piece", [b"id:", b"text ", b"stat : ", b"submit ", b'id: "', b" ", b"id:1 sub:", b"\x1b", b"done_date", b"id", b"\x00\x00"], ids=repr
)
@pytest.mark.parametrize("target", ["reports", "headers", "gsm", "frames"])
def test_nothing_takes_long_over_the_same_again_and_again(target: str, piece: bytes) -> None:
    began = time.process_time()
    TARGETS[target](b"\x01" + piece * (60_000 // len(piece)))
    assert time.process_time() - began < SLOWEST
