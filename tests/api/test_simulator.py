"""The console and the simulator together, over its real socket."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from tests.factories import make_channel

from textfirst.phones.simulator import running_simulator
from textfirst.phones.wall import wall


class Wall(threading.Thread):
    """The phones process in a thread, without its main()."""

    def __init__(self, home: Path) -> None:
        super().__init__(daemon=True)
        self.home, self.socket, self.ready = home, home / "phones.sock", threading.Event()

    def run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        async with running_simulator(home=self.home / "frames", smpp_host="127.0.0.1", smpp_port=0) as simulator:
            config = uvicorn.Config(wall(simulator), uds=str(self.socket), log_config=None, lifespan="off")
            self.server = uvicorn.Server(config)
            self.server.capture_signals = nullcontext  # only the main thread may
            serving = asyncio.create_task(self.server.serve())
            while not self.server.started:
                await asyncio.sleep(0.005)
            self.ready.set()
            await serving


@pytest.fixture
def phones(settings) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        running = Wall(Path(folder))
        running.start()
        assert running.ready.wait(10)
        # `run` is derived from home, and a socket's path is short; so the setting is stood in for as a whole
        settings.PROCESS = SimpleNamespace(
            **{name: getattr(settings.PROCESS, name) for name in ("keys_file", "url", "smpp_bind")}, phones_socket=running.socket
        )
        yield running.socket
        running.server.should_exit = True
        running.join(10)


def test_a_text_typed_on_a_phone_is_on_its_screen(api, workspace, phones):
    make_channel(workspace)
    agent = api("agent")
    typed = agent.post("/simulator/phones/+306900000001/texts", {"text": "Hello there"})
    assert (typed.status_code, typed.json()["text"]["text"]) == (201, "Hello there")
    assert [text["text"] for text in agent.get("/simulator/phones/306900000001").json()["texts"]] == ["Hello there"]
    assert agent.get("/simulator/phones").json()["total"] == 1


def test_each_workspace_has_its_own_phones(api, workspace, other_workspace, phones):
    make_channel(workspace)
    foreign = make_channel(other_workspace)
    agent, stranger = api("agent"), api("agent", workspace=other_workspace)
    agent.post("/simulator/phones/306900000001/texts", {"text": "Hello there"})
    assert stranger.get("/simulator/phones").json()["total"] == 0
    for answer in (
        agent.get("/simulator/phones", {"channel_id": str(foreign.id)}),
        agent.post("/simulator/phones/306900000001/texts", {"text": "x", "channel_id": str(foreign.id)}),
        agent.client.put(f"/api/v1/simulator/knobs?channel_id={foreign.id}", {}, content_type="application/json", headers=agent.headers),
    ):
        assert answer.status_code == 404


def test_knobs_are_turned_and_refused_by_name(api, workspace, phones):
    make_channel(workspace)
    agent = api("agent")
    assert agent.put("/simulator/knobs", {"lose_percent": 10}).json()["lose_percent"] == 10
    assert agent.get("/simulator/knobs").json()["lose_percent"] == 10
    refused = agent.put("/simulator/knobs", {"lose_percent": 200})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["lose_percent"])


def test_an_smpp_channel_is_no_simulator(api, workspace, phones):
    carrier = make_channel(workspace, kind="smpp")
    assert api("agent").get("/simulator/phones", {"channel_id": str(carrier.id)}).status_code == 404


# httpcore leaves a socket whose connect failed to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("stale", [False, True])
def test_a_simulator_that_does_not_run(api, workspace, settings, tmp_path, stale):
    make_channel(workspace)
    settings.PROCESS = replace(settings.PROCESS, home=tmp_path)
    if stale:
        settings.PROCESS.phones_socket.parent.mkdir(parents=True, exist_ok=True)
        settings.PROCESS.phones_socket.touch()
    answer = api("agent").get("/simulator/phones")
    assert (answer.status_code, answer.json()["code"], "Retry-After" in answer.headers) == (503, "simulator_away", True)
