"""The wall of phones over HTTP, and the process that serves it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from textfirst.phones.knobs import Knobs
from textfirst.phones.simulator import Simulator, running_simulator
from textfirst.phones.wall import wall
from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import Address, SubmitSm

CHANNEL = {"channel_id": "channel"}
STARTING = 20  # seconds a process may take to start on a busy machine


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running_simulator(home=tmp_path, knobs=Knobs(receipt_delay_min_ms=0, receipt_delay_max_ms=0), seed=1) as running:
        yield running


@pytest.fixture
async def http(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(wall(simulator)), base_url="http://phones") as client:
        yield client


def receive(simulator: Simulator, address: str, body: bytes) -> None:
    """A text to the phone, as a session would hand it over."""
    raw = build.submit_sm(1, source=Address(5, 0, "Riverside"), destination=Address(1, 1, address), short_message=body)
    [pdu] = Framer().feed(raw)
    account = simulator.account("channel")
    assert isinstance(pdu, SubmitSm)
    assert account is not None
    account.submit(pdu)


async def test_phones_latest_first_in_pages(simulator: Simulator, http: httpx.AsyncClient) -> None:
    for number in range(5):
        receive(simulator, f"30690000000{number}", b"hello")
    receive(simulator, "306900000001", b"again")
    first = (await http.get("/phones", params=CHANNEL | {"limit": "2"})).json()
    assert [phone["address"] for phone in first["items"]] == ["306900000001", "306900000004"]
    assert (first["total"], first["items"][0]["texts"], first["items"][0]["last"]["text"]) == (5, 2, "again")
    second = (await http.get("/phones", params=CHANNEL | {"limit": "3", "after": first["next"]})).json()
    assert [phone["address"] for phone in second["items"]] == ["306900000003", "306900000002", "306900000000"]
    assert second["next"] is None
    found = (await http.get("/phones", params=CHANNEL | {"search": "+3069000000 04".replace(" ", "")})).json()
    assert [phone["address"] for phone in found["items"]] == ["306900000004"]


async def test_one_phone_and_typing_on_it(simulator: Simulator, http: httpx.AsyncClient) -> None:
    receive(simulator, "306900000001", b"hello")
    await asyncio.sleep(0.05)
    answer = await http.post("/phones/+306900000001/texts", json=CHANNEL | {"text": "Ναι"})
    assert (answer.status_code, answer.json()["bound"], answer.json()["text"]["text"]) == (201, False, "Ναι")
    phone = (await http.get("/phones/306900000001", params=CHANNEL)).json()
    assert [(text["text"], text["from_phone"], text["state"]) for text in phone["texts"]] == [
        ("hello", False, "delivered"),
        ("Ναι", True, "typed"),
    ]
    assert phone["persona"]["language"] == "el"
    assert phone["sender"] == "Riverside"
    untouched = (await http.get("/phones/306900000002", params=CHANNEL)).json()
    assert untouched["texts"] == []


async def test_knobs(http: httpx.AsyncClient) -> None:
    turned = await http.put("/knobs", params=CHANNEL, json={"fail_percent": 10, "personas": True})
    assert (turned.status_code, turned.json()["fail_percent"]) == (200, 10.0)
    assert (await http.get("/knobs", params=CHANNEL)).json() == turned.json()
    other = (await http.get("/knobs", params={"channel_id": "other"})).json()
    assert other["personas"] is False


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("GET", "/phones", None, 422, "invalid"),
        ("GET", "/phones?channel_id=" + "x" * 65, None, 422, "invalid"),
        ("GET", "/phones?channel_id=a&limit=9999", None, 422, "invalid"),
        ("GET", "/phones?channel_id=a&after=-1", None, 422, "invalid"),
        ("GET", "/phones/abc?channel_id=a", None, 404, "not_found"),
        ("GET", "/nowhere", None, 404, "not_found"),
        ("DELETE", "/knobs?channel_id=a", None, 405, "error"),
        ("PUT", "/knobs?channel_id=a", b'{"fail_percent": 200}', 422, "invalid"),
        ("PUT", "/knobs?channel_id=a", b"[1]", 422, "not_json"),
        ("PUT", "/knobs?channel_id=a", b"{", 422, "not_json"),
        ("PUT", "/knobs?channel_id=a", b'{"a": "' + b"x" * 70_000 + b'"}', 422, "too_large"),
        ("POST", "/phones/306900000001/texts", b'{"channel_id": "a", "text": "  "}', 422, "invalid"),
        ("POST", "/phones/306900000001/texts", b'{"channel_id": "a", "text": 5}', 422, "invalid"),
        ("POST", "/phones/306900000001/texts", b'{"text": "hello"}', 422, "invalid"),
        ("POST", "/phones/306900000001/texts", b'{"channel_id": "a", "text": "' + b"x" * 45_000 + b'"}', 422, "text_too_long"),
    ],
)
async def test_refusals_say_why(http: httpx.AsyncClient, method: str, path: str, content: bytes | None, status: int, code: str) -> None:
    answer = await http.request(method, path, content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "fields"}


async def test_watchers_are_told_what_changed(simulator: Simulator) -> None:
    notes = simulator.hub.watch("channel")
    coming = asyncio.ensure_future(anext(notes))
    await asyncio.sleep(0)
    receive(simulator, "306900000001", b"hello")
    receive(simulator, "306900000002", b"hello")
    note = await asyncio.wait_for(coming, 2)
    assert note["kind"] == "phones.changed"
    assert [(phone["address"], phone["changed"][0]["text"]) for phone in note["phones"]] == [
        ("306900000001", "hello"),
        ("306900000002", "hello"),
    ]
    for number in range(60):
        receive(simulator, f"3069000001{number:02d}", b"hello")
    many = await asyncio.wait_for(anext(notes), 2)
    while many["kind"] != "phones.many":
        many = await asyncio.wait_for(anext(notes), 2)
    assert many["phones"] == []
    simulator.hub.close()
    async with asyncio.timeout(2):
        assert all([note["kind"] == "phones.changed" async for note in notes])  # what was left, then the end


class TestProcess:
    """`python -m textfirst.phones`, for real."""

    @pytest.fixture
    def environment(self, tmp_path: Path) -> dict[str, str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return os.environ | {"TEXTFIRST_HOME": str(tmp_path / "h"), "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{port}"}

    def test_serves_and_stops_within_two_seconds_with_a_stream_open(self, environment: dict[str, str], tmp_path: Path) -> None:
        process = subprocess.Popen([sys.executable, "-m", "textfirst.phones"], env=environment, stderr=subprocess.PIPE)
        try:
            path = _socket(tmp_path / "h")
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://phones") as client:
                assert client.get("/healthz").json() == {"ok": True}
                assert path.stat().st_mode & 0o777 == 0o600
                with client.stream("GET", "/events", params=CHANNEL, timeout=5) as stream:
                    lines = stream.iter_lines()
                    assert next(lines) == "retry: 1000"
                    with socket.create_connection(("127.0.0.1", _port(environment))) as carrier:
                        self._submit(carrier)
                        note = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
                        assert note["phones"][0]["changed"][0]["text"] == "hello"
                        started = time.monotonic()
                        process.send_signal(signal.SIGTERM)
                        assert process.wait(timeout=5) == 0
                        assert time.monotonic() - started < 2
            assert not path.exists()
        finally:
            process.kill()
            process.communicate()

    def _submit(self, carrier: socket.socket) -> None:
        body = build.submit_sm(2, source=Address(5, 0, "R"), destination=Address(1, 1, "306900000001"), short_message=b"hello")
        carrier.sendall(build.bind(1, system_id="channel", password="simulator") + body)

    def test_a_busy_port_is_one_sentence(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", _port(environment))):
            ended = subprocess.run(
                [sys.executable, "-m", "textfirst.phones"], env=environment, capture_output=True, text=True, timeout=STARTING, check=False
            )
        assert ended.returncode == 1
        [line] = ended.stderr.strip().splitlines()
        assert "cannot start" in json.loads(line)["message"]

    def test_a_wrong_setting_is_one_sentence(self, environment: dict[str, str]) -> None:
        ended = subprocess.run(
            [sys.executable, "-m", "textfirst.phones"],
            env=environment | {"TEXTFIRST_SMPP_BIND": "nowhere"},
            capture_output=True,
            text=True,
            timeout=STARTING,
            check=False,
        )
        assert ended.returncode == 1
        assert "TEXTFIRST_SMPP_BIND" in json.loads(ended.stderr)["message"]


def _port(environment: dict[str, str]) -> int:
    return int(environment["TEXTFIRST_SMPP_BIND"].rpartition(":")[2])


def _socket(home: Path) -> Path:
    """The process's socket, once it answers."""
    from textfirst.core.settings import read

    path = read({"TEXTFIRST_HOME": str(home)}, default_home=home).phones_socket
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as trial:
            try:
                trial.connect(str(path))
            except OSError:
                time.sleep(0.02)
            else:
                return path
    raise TimeoutError(f"nobody listens at {path}")
