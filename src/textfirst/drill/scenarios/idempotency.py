"""T16: one Idempotency-Key, fifty callers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any, ClassVar, Final

import httpx

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import ASK_WITHIN, PLAIN
from textfirst.drill.scenario import Drill, Load, Scenario

CALLERS: Final = 50
ROUNDS: Final = 10
IN_FLIGHT: Final = httpx.codes.CONFLICT

Ask = Callable[[httpx.Client], httpx.Response]


class OneKeyManyCallers(Scenario):
    """Rounds of fifty simultaneous calls with one key, the front dying in the middle of some; then the same key for another text."""

    name: ClassVar[str] = "T16"
    title: ClassVar[str] = "fifty callers with one Idempotency-Key"
    hypothesis: ClassVar[str] = (
        "However many ask at once under one key, one message is made, everybody who is answered 202 is told of that one, and nobody is told anything "
        "but 202 or, while it is under way, 409. The same key for another text is refused."
    )
    load: ClassVar[Load] = Load(recipients=0, codes=0, stops=0, inbound=2, replies=0, api=2, seconds=5)

    def faults(self, drill: Drill) -> None:
        self._broken: list[str] = []
        told: Counter[str] = Counter()
        for number in range(ROUNDS):
            self._round(drill, number, told)
            drill.wait(0.2)
        drill.facts["told"] = ", ".join(f"{count} × {answer}" for answer, count in sorted(told.items()))

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        return self._broken

    def _round(self, drill: Drill, number: int, told: Counter[str]) -> None:
        key, to, text = f"shared-{number}", f"+4479800{number:05d}", f"Shared {number}"
        drill.loader.ledger.note("asked", key=key, to=to, text=text, again=False)
        body = {"to": to, "text": text, "purpose": "notice", "channel_id": drill.loader.channel_id}
        killing = number % 4 == 3
        answers = self._all_at_once(drill, lambda client: _post(client, body, key), killing=killing)
        told.update(_word(answer) for answer in answers)
        if killing:
            drill.installation.until(drill.installation.is_ready, 60, "the front is back")
        ids = {
            answer.json()["id"] for answer in answers if isinstance(answer, httpx.Response) and answer.status_code == httpx.codes.ACCEPTED
        }
        with self._client(drill) as client:
            last, other = _post(client, body, key), _post(client, {**body, "text": "Another text"}, key)
        ids.add(last.json().get("id"))
        for identifier in ids:
            drill.loader.ledger.note("accepted", key=key, message_id=identifier)
        if len(ids) != 1:
            self._broken.append(f"Callers with the key {key} were told of {len(ids)} messages.")
        odd = {_word(answer) for answer in answers} - {"202", str(int(IN_FLIGHT))} - ({"no answer", "502", "503"} if killing else set())
        if odd:
            self._broken.append(f"Callers with the key {key} were told {', '.join(sorted(odd))}.")
        if other.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
            self._broken.append(f"The same key for another text was answered {other.status_code} instead of 422.")

    def _all_at_once(self, drill: Drill, ask: Ask, *, killing: bool) -> list[Any]:
        """Everybody waits at the gate until all are connected."""
        gate = Barrier(CALLERS + 1)

        def call(_: int) -> httpx.Response | httpx.HTTPError:
            with self._client(drill) as client:
                with suppress(httpx.HTTPError):
                    client.get(f"{drill.installation.url}/healthz")
                gate.wait(ASK_WITHIN)
                try:
                    return ask(client)
                except httpx.HTTPError as error:
                    return error

        with ThreadPoolExecutor(CALLERS) as callers:
            calling = [callers.submit(call, number) for number in range(CALLERS)]
            gate.wait(ASK_WITHIN)
            if killing:
                drill.wait(drill.random.uniform(0.0, 0.3))
                drill.installation.signal("front")
            return [one.result() for one in calling]

    @staticmethod
    def _client(drill: Drill) -> httpx.Client:
        url = f"{drill.installation.url}/api/v1"
        return httpx.Client(base_url=url, timeout=ASK_WITHIN, verify=PLAIN, headers={"Authorization": f"Bearer {drill.loader.key}"})


def _post(client: httpx.Client, body: dict[str, Any], key: str) -> httpx.Response:
    return client.post("/messages", json=body, headers={"Idempotency-Key": key})


def _word(answer: httpx.Response | httpx.HTTPError) -> str:
    return str(answer.status_code) if isinstance(answer, httpx.Response) else "no answer"


SCENARIOS = (OneKeyManyCallers,)
