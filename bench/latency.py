"""How long people wait while a campaign runs: `python -m bench latency`.

On one channel: a campaign of 100,000; meanwhile answers are written in conversations through the console's API, and customers text in.
The carrier is the bench's stopwatch, which notes when each answer passed it and when each customer's text was written to the wire.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from bench import report
from bench.campaign import agree, make, until_final
from bench.carriers import Stopwatch, stopwatch
from bench.inbox import Page, came
from bench.installation import Api, Running, import_contacts, installation, until
from bench.report import Row, percentile

PEOPLE = 200  # with conversations
REPLIES = 8.0  # a second
TEXTS = 20.0  # a second
SETTLE = 1.5  # seconds after the campaign for the last of them


class Reply(NamedTuple):
    """An answer written in a conversation; monotonic seconds. `made` is when the API made the message, by its id."""

    mark: str
    asked: float
    made: float
    answered: float


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        with stopwatch(running, api) as carrier:
            audience = import_contacts(api, "campaign", range(options.recipients))
            conversations = _conversations(api, carrier)
            tell(*_measure(running, api, carrier, audience, conversations, options.recipients), options.recipients)


def _conversations(api: Api, carrier: Stopwatch) -> list[str]:
    """People who have written to us."""
    carrier.ask("send", first=0, numbers=PEOPLE, each=1, rate=0)
    until(lambda: carrier.ask("counts")["texts_acked"] == PEOPLE, 30)
    found = [one["id"] for one in api.get(f"/conversations?limit={PEOPLE}")["items"]]
    after = api.get(f"/conversations?limit={PEOPLE}").get("next")
    while len(found) < PEOPLE and after:
        more = api.get(f"/conversations?limit={PEOPLE}&after={after}")
        found += [one["id"] for one in more["items"]]
        after = more["next"]
    return found


def _measure(
    running: Running, api: Api, carrier: Stopwatch, audience: str, conversations: list[str], recipients: int
) -> tuple[list[Reply], dict[str, int], list[Any], float]:
    page = Page(api)
    campaign = make(api, carrier.channel_id, audience)
    carrier.begin()
    began = time.monotonic()
    ended = threading.Event()
    replies: list[Reply] = []
    api.post(f"/campaigns/{campaign}/start", {})
    carrier.ask("send", first=PEOPLE, numbers=100_000, each=1, rate=TEXTS)
    writing = threading.Thread(target=_write, args=(api, conversations, replies, ended))
    writing.start()
    until_final(running, campaign, recipients)
    seconds = time.monotonic() - began
    ended.set()
    carrier.ask("stop_sending")
    writing.join()
    until(lambda: all(reply.mark in carrier.ask("marks") for reply in replies), 30)
    time.sleep(SETTLE)
    page.close()
    agree(running, api, carrier, campaign, recipients, besides=len(replies))
    texts = [one for one in came(running, carrier, page) if one.written > began]
    return replies, carrier.ask("marks"), texts, recipients / seconds


def _write(api: Api, conversations: list[str], replies: list[Reply], ended: threading.Event) -> None:
    """Answers one after the other, at their rate, each in another conversation."""
    began = time.monotonic()
    offset = time.time() - began
    while not ended.is_set():
        mark = f"mark-{len(replies):05d}"
        asked = time.monotonic()
        made = api.post(f"/conversations/{conversations[len(replies) % len(conversations)]}/messages", {"text": f"Thank you, {mark}"})
        replies.append(Reply(mark, asked, (UUID(made["id"]).int >> 80) / 1000 - offset, time.monotonic()))
        ended.wait(max(0.0, began + len(replies) / REPLIES - time.monotonic()))


def tell(replies: Sequence[Reply], marks: dict[str, int], texts: Sequence[Any], rate: float, recipients: int) -> None:
    passed = [(reply, marks[reply.mark] / 1e9) for reply in replies]
    accepted = [(seen - reply.made) * 1000 for reply, seen in passed]
    rows = [
        Row(f"the campaign of {recipients:,} meanwhile", rate, "a second"),
        Row(f"reply, accepted by the API to submitted, p50 of {len(replies)}", percentile(accepted, 0.5), "ms"),
        Row("reply, accepted by the API to submitted, p95", percentile(accepted, 0.95), "ms", "<= 150"),
        Row(
            "reply, answered by the API to submitted, p95",
            percentile([(seen - reply.answered) * 1000 for reply, seen in passed], 0.95),
            "ms",
        ),
        Row("reply, request sent to submitted, p95", percentile([(seen - reply.asked) * 1000 for reply, seen in passed], 0.95), "ms"),
        Row("reply, request to answer, p95", percentile([(reply.answered - reply.asked) * 1000 for reply in replies], 0.95), "ms"),
        Row(f"inbound, wire to stored, p95 of {len(texts)}", percentile([one.stored for one in texts], 0.95), "ms"),
        Row("inbound, wire to announced, p50", percentile([one.announced for one in texts], 0.5), "ms"),
        Row("inbound, wire to stored and announced, p95", percentile([one.announced for one in texts], 0.95), "ms", "<= 300"),
    ]
    report.write("latency", rows, carrier=Stopwatch.name, replies_a_second=REPLIES, texts_a_second=TEXTS)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench latency", description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    return parser.parse_args(argv)
