"""A million recipients: `python -m bench million` (not part of the short run).

After a campaign of 100,000 in the same installation, one of 1,000,000. Progress is the carrier's: receipts that we acknowledged, which we do
only once they are stored. At each tenth: the rate since the last, CPU a message, memory of every process, and dead rows of the hot tables.
How long claims took is the engine's own histogram at /metrics.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench import report
from bench.campaign import Run, agree, make, send, until_final
from bench.carriers import Carrier, any_carrier
from bench.installation import Api, Running, import_contacts, installation
from bench.report import Row

TENTHS = 10
LOOK = 0.5  # seconds between two looks at the carrier's counts
BUCKET = re.compile(r'^textfirst_engine_claim_seconds_bucket\{le="([^"]+)"\} (\d+)', re.MULTILINE)


class Tenth(NamedTuple):
    """How things stood when so many tenths had their receipts."""

    at: float  # seconds since 1970, between two looks in proportion
    cpu: float  # µs a message of all our processes in this tenth
    memory: dict[str, float]  # MB by process
    dead: dict[str, int]  # rows by table


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        with any_carrier(running, api, bundled=options.bundled) as carrier:
            first = import_contacts(api, "first", range(options.small))
            small = send(running, api, carrier, first, options.small)
            print(f"  {options.small:,}: {small.rate:,.0f} a second, {small.ours:.0f} µs of CPU a message", flush=True)
            began = time.monotonic()
            lists = _import(api, options.small, options.recipients, options.file)
            print(f"  {options.recipients:,} contacts imported in {time.monotonic() - began:.0f} s", flush=True)
            tell(carrier, small, *_measure(running, api, carrier, lists, options.recipients))


def _import(api: Api, start: int, count: int, at_once: int) -> list[str]:
    """Contacts of the campaign's own, for a second promotion on one day would wait; their lists."""
    end = start + count
    return [import_contacts(api, f"from {at}", range(at, min(at + at_once, end))) for at in range(start, end, at_once)]


def _measure(
    running: Running, api: Api, carrier: Carrier, lists: Sequence[str], recipients: int
) -> tuple[list[Tenth], dict[str, float], Run]:
    campaign = make(api, carrier.channel_id, lists)
    carrier.begin()
    claims, before = _claims(running), running.cpu()
    wal, disk = running.wal(), running.disk()
    started = time.time()
    api.post(f"/campaigns/{campaign}/start", {})
    tenths = _tenths(running, carrier, recipients, before)
    until_final(running, campaign, recipients)
    seconds = time.time() - started
    spent = {name: (now - before.get(name, 0.0)) / recipients * 1e6 for name, now in running.cpu().items()}
    run = Run(recipients, seconds, spent, (running.wal() - wal) / recipients, (running.disk() - disk) / recipients, running.memory())
    took = _claims(running)
    agree(running, api, carrier, campaign, recipients)
    return tenths, {bound: count - claims.get(bound, 0) for bound, count in took.items()}, run


def _tenths(running: Running, carrier: Carrier, recipients: int, cpu: dict[str, float]) -> list[Tenth]:
    """Looks until the last tenth is reached; the first entry is the first receipt's."""
    done: list[Tenth] = []
    last = carrier.counts()
    spent = _ours(cpu)
    patience = time.monotonic() + 120 + recipients / 300
    while len(done) <= TENTHS and time.monotonic() < patience:
        time.sleep(LOOK)
        now = carrier.counts()
        while len(done) <= TENTHS and now.receipts_acked >= max(1, recipients * len(done) // TENTHS):
            share = (recipients * len(done) // TENTHS - last.receipts_acked) / max(1, now.receipts_acked - last.receipts_acked)
            in_all = _ours(running.cpu())
            done.append(
                Tenth(
                    last.at + (now.at - last.at) * max(0.0, share),
                    (in_all - spent) / recipients * TENTHS * 1e6,
                    running.memory(),
                    running.dead(),
                )
            )
            spent = in_all
            if len(done) > 1:
                print(f"    tenth {len(done) - 1}: {_rate(done, len(done) - 1, recipients):,.0f} a second", flush=True)
        last = now
    return done


def tell(carrier: Carrier, small: Run, tenths: Sequence[Tenth], claims: dict[str, float], run: Run) -> None:
    rates = [_rate(tenths, number, run.recipients) for number in range(1, len(tenths))]
    names = sorted({name for tenth in tenths for name in tenth.memory} - {"sink"})
    held = {name: [tenth.memory.get(name, 0.0) for tenth in tenths[1:]] for name in names}
    grown = {name: max(values) - values[0] for name, values in held.items()}
    most = max(grown, key=lambda name: grown[name])
    dead: Counter[str] = Counter()
    for tenth in tenths:
        for table, rows_dead in tenth.dead.items():
            dead[table] = max(dead[table], rows_dead)
    p99 = _percentile(claims, 0.99)
    rows = [
        Row(f"messages a second over {run.recipients:,}", run.rate, "a second"),
        *(Row(f"    tenth {number}", rate, "a second") for number, rate in enumerate(rates, 1)),
        Row("last tenth to second tenth", rates[-1] / rates[1], "×", ">= 0.8"),
        Row("CPU a message", run.ours, "µs"),
        Row(f"CPU a message to that at {small.recipients:,}", run.ours / small.ours, "×", "<= 1.15"),
        Row(f"memory of the process that grew most since the first tenth ({most})", grown[most], "MB more", "<= 50"),
        *(Row(f"    {name}: {values[0]:.0f} MB at the first tenth, at the last", values[-1], "MB") for name, values in held.items()),
        Row("claims, p99 at most", p99 * 1000, "ms", "<= 50"),
        *(Row(f"    most dead rows at a tenth: {table}", count, "rows") for table, count in dead.most_common(6)),
        Row("WAL a message", run.wal, "bytes"),
        Row("disk a message", run.disk, "bytes"),
    ]
    details: dict[str, Any] = {
        "tenths": [tenth._asdict() for tenth in tenths],
        "claims_up_to": claims,
        "cpu": run.cpu,
        "small_cpu": small.cpu,
    }
    report.write("million", rows, carrier=carrier.name, **details)


def _rate(tenths: Sequence[Tenth], number: int, recipients: int) -> float:
    return recipients / TENTHS / max(tenths[number].at - tenths[number - 1].at, 0.001)


def _ours(cpu: dict[str, float]) -> float:
    return sum(seconds for name, seconds in cpu.items() if name != "sink")


def _claims(running: Running) -> dict[str, float]:
    """Claims so far by bound; the engine writes its figures every five seconds."""
    time.sleep(5.5)
    return {bound: float(count) for bound, count in BUCKET.findall(running.metrics())}


def _percentile(buckets: dict[str, float], share: float) -> float:
    """The bound below which `share` of all are; endless when they are beyond the last."""
    total = buckets.get("+Inf", 0.0)
    return next((float(bound) for bound, count in buckets.items() if bound != "+Inf" and count >= share * total), float("inf"))


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench million", description=__doc__)
    parser.add_argument("--recipients", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--file", type=int, default=100_000, help="contacts in one file")
    parser.add_argument("--bundled", action="store_true", help="use the bundled simulator even when the sink is there")
    return parser.parse_args(argv)
