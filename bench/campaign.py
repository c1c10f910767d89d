"""Messages a second end to end, and what each process pays for one: `python -m bench campaign`.

Starts `textfirst up` with the shipped defaults on a home of its own, makes the owner, imports contacts, and sends campaigns with a merge
field over SMPP to a carrier that answers at once, receipts on. A run ends when every message has its final status. Each run has
contacts of its own, as campaigns do. The carrier's counts and the database's must agree before a rate is printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench import report
from bench.carriers import WINDOW, Carrier, any_carrier
from bench.installation import Api, Running, import_contacts, installation, until
from bench.report import Row, median

RECIPIENTS = 100_000
TEXT = 'Hi {{ contact.first_name | default: "there" }}, your order is ready at Riverside Dental in Leeds. Reply YES to confirm, STOP to opt out. Thanks!'
PURPOSE = "promotion"  # so that every check is on: consent, hours, caps, suppression, velocity
STORED = """
with sent as (select id, status from message where campaign_id = %s)
select (select count(*) from sent where status = 80), (select count(*) from receipt where message_id in (select id from sent)),
  (select count(*) from attempt where outcome = 0 and message_id in (select id from sent)), (select count(*) from outbox where campaign_id = %s)
"""


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        with any_carrier(running, api, bundled=options.bundled) as carrier:
            tell(carrier, measure(running, api, carrier, runs=options.runs, recipients=options.recipients), options.recipients)


@dataclass(frozen=True)
class Run:
    """One campaign; CPU in microseconds, WAL and disk in bytes, each for one message; memory in MB."""

    recipients: int
    seconds: float
    cpu: dict[str, float]
    wal: float
    disk: float
    memory: dict[str, float]

    @property
    def rate(self) -> float:
        return self.recipients / self.seconds

    @property
    def ours(self) -> float:
        """Microseconds of all our processes and PostgreSQL, the carrier's own left out."""
        return sum(value for name, value in self.cpu.items() if name not in {"sink", "stopwatch"})


def measure(running: Running, api: Api, carrier: Carrier, *, runs: int, recipients: int) -> list[Run]:
    """Campaigns one after the other, each to contacts of its own; prints as it goes."""
    done: list[Run] = []
    for number in range(runs):
        began = time.monotonic()
        audience = import_contacts(api, f"run {number + 1}", range(number * recipients, (number + 1) * recipients))
        imported = time.monotonic() - began
        run = send(running, api, carrier, audience, recipients)
        print(
            f"  run {number + 1}: {run.rate:,.0f} a second, {run.ours:.0f} µs of CPU a message"
            f" ({recipients:,} contacts imported in {imported:.1f} s)",
            flush=True,
        )
        done.append(run)
    return done


def send(running: Running, api: Api, carrier: Carrier, audience: str | None, recipients: int) -> Run:
    """One campaign to a list, or to everyone, from the button to the last receipt; ends the measurement when the counts disagree."""
    campaign = make(api, carrier.channel_id, audience)
    carrier.begin()
    cpu, wal, disk = running.cpu(), running.wal(), running.disk()
    began = time.monotonic()
    api.post(f"/campaigns/{campaign}/start", {})
    until_final(running, campaign, recipients)
    seconds = time.monotonic() - began
    spent = {name: (now - cpu.get(name, 0.0)) / recipients * 1e6 for name, now in running.cpu().items()}
    run = Run(recipients, seconds, spent, (running.wal() - wal) / recipients, (running.disk() - disk) / recipients, running.memory())
    agree(running, api, carrier, campaign, recipients)
    return run


def make(api: Api, channel_id: str, audience: str | Sequence[str] | None) -> str:
    """A campaign to a list, to several, or to everyone; its id."""
    lists = [audience] if isinstance(audience, str) else list(audience or [])
    to: dict[str, Any] = {"everyone": audience is None, "lists": lists, "segments": [], "contacts": []}
    made = api.post("/campaigns", {"name": "Bench", "purpose": PURPOSE, "channel_id": channel_id, "audience": to, "text": TEXT})
    return str(made["id"])


def until_final(running: Running, campaign: str, recipients: int) -> None:
    """Until every message has its last status. Asks the database, because asking the API ten times a second would be work for the console."""
    counted = "select coalesce(sum(messages), 0) from campaign_tally where campaign_id = %s and status >= 60"
    until(lambda: running.ask(counted, campaign) >= recipients, 60 + recipients / 150, every=0.05)


def agree(running: Running, api: Api, carrier: Carrier, campaign: str, recipients: int, *, besides: int = 0) -> None:
    """The carrier's own counts and the database's, before any rate is believed; `besides` are texts outside the campaign."""
    sent = recipients + besides
    try_until = time.monotonic() + 5  # the sink writes its totals once a second
    while (counts := carrier.counts())[:3] != (sent,) * 3 and time.monotonic() < try_until:
        time.sleep(0.2)
    if counts[:3] != (sent,) * 3:
        sys.exit(f"the carrier counted {counts}, not {sent} submitted, receipts sent and receipts taken")
    stored = running.rows(STORED, campaign, campaign)[0]
    shown = api.get(f"/campaigns/{campaign}")["counts"]["delivered"]
    if shown != recipients:
        sys.exit(f"the campaign's page shows {shown} delivered, not {recipients}")
    if stored != (recipients, recipients, recipients, 0):
        sys.exit(f"the database has {stored} delivered, receipts, attempts and waiting, not {recipients} of each and 0")


def tell(carrier: Carrier, runs: Sequence[Run], recipients: int) -> None:
    """Print and keep the medians."""
    full = recipients == RECIPIENTS  # else it is measured, and not judged
    cpu = {name: median(run.cpu.get(name, 0.0) for run in runs) for name in runs[0].cpu}
    print(f"\nCarrier: {carrier.name}. Its counts and the database's agree: {recipients:,} submitted, receipted and recorded in each run.")
    print(f"Channel: window {WINDOW}, no limit of speed. Medians of {len(runs)} runs on one installation.")
    rows = [
        Row(
            "messages a second, from the button to the last receipt",
            median(run.rate for run in runs),
            "a second",
            ">= 10000" if full else "",
        ),
        Row("CPU a message, all our processes and PostgreSQL", median(run.ours for run in runs), "µs", "<= 140" if full else ""),
        *(Row(f"    {name}", value, "µs") for name, value in sorted(cpu.items(), key=lambda each: -each[1]) if value >= 0.5),
        Row("WAL a message", median(run.wal for run in runs), "bytes"),
        Row("disk a message", median(run.disk for run in runs), "bytes"),
        Row("memory of all our processes, PSS", sum(v for k, v in runs[-1].memory.items() if k not in {"sink", "stopwatch"}), "MB"),
    ]
    report.write(
        "campaign" if full else f"campaign of {recipients}",
        rows,
        carrier=carrier.name,
        recipients=recipients,
        counts_agree=True,
        runs=[asdict(run) | {"rate": run.rate} for run in runs],
    )


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench campaign", description=__doc__)
    parser.add_argument("--recipients", type=int, default=RECIPIENTS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bundled", action="store_true", help="use the bundled simulator even when the sink is there")
    return parser.parse_args(argv)
