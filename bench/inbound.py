"""Texts from customers into conversations: `python -m bench inbound`.

20,000 phones write three texts each, in turn, as fast as they are acknowledged (a thousand on their way). A run is believed when every text
is stored once, in its sender's one conversation, in the order it was sent. The first texts make contact and conversation; each run has new phones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

from bench import report
from bench.carriers import DELIVER_WINDOW, Stopwatch, stopwatch
from bench.installation import Api, Running, installation, until
from bench.report import Row, median

EACH = 3  # texts from one phone
STORED = """
with texts as (
  select contact_id, body, lag(body) over (partition by contact_id order by id) as before, substring(body from 'number ([0-9]+)') as number,
    address
  from message where direction = 1
)
select count(*), count(distinct contact_id), count(distinct body), count(*) filter (where body <= before),
  count(*) filter (where address <> '+4478' || number), (select count(*) from conversation where unread = %s and status = 1)
from texts
"""


class Run(NamedTuple):
    """Texts a second over all, and from strangers and from people we know; microseconds of CPU a text."""

    rate: float
    strangers: float
    known: float
    cpu: dict[str, float]


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        with stopwatch(running, api) as carrier:
            runs = [_run(running, carrier, number, options.phones) for number in range(options.runs)]
    cpu = [sum(cost for name, cost in run.cpu.items() if name != "stopwatch") for run in runs]
    rows = [
        Row(f"texts a second from {options.phones:,} phones, stored, in order", median(run.rate for run in runs), "a second", ">= 5000"),
        Row("    the first from each, which makes contact and conversation", median(run.strangers for run in runs), "a second"),
        Row("    the others", median(run.known for run in runs), "a second"),
        Row("CPU a text, all our processes and PostgreSQL", median(cpu), "µs"),
    ]
    report.write("inbound", rows, carrier=Stopwatch.name, runs=[run._asdict() for run in runs], on_their_way=DELIVER_WINDOW)


def _run(running: Running, carrier: Stopwatch, number: int, phones: int) -> Run:
    sent = phones * EACH
    cpu = running.cpu()
    carrier.ask("send", first=number * phones, numbers=phones, each=EACH, rate=0)
    until(lambda: carrier.ask("counts")["texts_acked"] >= (number + 1) * sent, 60 + sent / 300, every=0.25)
    spent = {name: (now - cpu.get(name, 0.0)) / sent * 1e6 for name, now in running.cpu().items()}
    _agree(running, phones * (number + 1))
    texts = carrier.ask("texts")[-sent:]
    began, met, ended = texts[0][2], max(acked for _, which, _, acked in texts if which == 0), max(acked for *_, acked in texts)
    run = Run(sent / (ended - began) * 1e9, phones / (met - began) * 1e9, (sent - phones) / (ended - met) * 1e9, spent)
    print(f"  run {number + 1}: {run.rate:,.0f} a second; all {sent:,} stored once, in order, in {phones:,} conversations", flush=True)
    return run


def _agree(running: Running, phones: int) -> None:
    """Nothing lost, doubled, in the wrong thread or out of order, before any rate is believed."""
    stored = running.rows(STORED, EACH)[0]
    if stored != (phones * EACH, phones, phones * EACH, 0, 0, phones):
        sys.exit(
            f"of {phones * EACH} texts from {phones} phones the database has {stored[0]} in {stored[1]} contacts, {stored[2]} different,"
            f" {stored[3]} out of order, {stored[4]} with a wrong contact, and {stored[5]} open conversations with {EACH} unread"
        )


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench inbound", description=__doc__)
    parser.add_argument("--phones", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args(argv)
