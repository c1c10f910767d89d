"""100,000 receipts at once: `python -m bench storm`.

The bench's stopwatch takes a whole campaign and keeps its receipts; then it lets all go at once, as a carrier does after trouble of its own
(up to a thousand on their way, as fast as they are acknowledged). Meanwhile customers text in on the same channel.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from bench import report
from bench.campaign import agree, make, until_final
from bench.carriers import Stopwatch, stopwatch
from bench.inbox import Page, came
from bench.installation import Api, Running, import_contacts, installation, until
from bench.report import Row, percentile

TEXTS = 20.0  # a second
SETTLE = 2.0  # seconds before and after


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        with stopwatch(running, api) as carrier:
            report.write("storm", _measure(running, api, carrier, options.recipients), carrier=Stopwatch.name, texts_a_second=TEXTS)


def _measure(running: Running, api: Api, carrier: Stopwatch, recipients: int) -> list[Row]:
    audience = import_contacts(api, "campaign", range(recipients))
    campaign = make(api, carrier.channel_id, audience)
    carrier.begin()
    carrier.ask("hold")
    api.post(f"/campaigns/{campaign}/start", {})
    until(lambda: carrier.counts().submitted == recipients, 60 + recipients / 300)
    page = Page(api)
    carrier.ask("send", first=0, numbers=100_000, each=1, rate=TEXTS)
    time.sleep(SETTLE)
    cpu, began = running.cpu(), time.monotonic()
    carrier.ask("release")
    until(lambda: carrier.counts().receipts_acked == recipients, 60 + recipients / 300, every=0.05)
    ended = time.monotonic()
    spent = sum(now - cpu.get(name, 0.0) for name, now in running.cpu().items() if name != "stopwatch")
    carrier.ask("stop_sending")
    until_final(running, campaign, recipients)
    time.sleep(SETTLE)
    page.close()
    agree(running, api, carrier, campaign, recipients)
    texts = [one for one in came(running, carrier, page) if began <= one.written <= ended]
    return [
        Row(f"{recipients:,} receipts taken and recorded in", ended - began, "s"),
        Row("receipts a second", recipients / (ended - began), "a second"),
        Row("CPU a receipt, all our processes and PostgreSQL", spent / recipients * 1e6, "µs"),
        Row(f"inbound meanwhile, wire to stored, p95 of {len(texts)}", percentile([one.stored for one in texts], 0.95), "ms"),
        Row("inbound meanwhile, wire to announced, p95", percentile([one.announced for one in texts], 0.95), "ms", "<= 1000"),
    ]


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench storm", description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    return parser.parse_args(argv)
