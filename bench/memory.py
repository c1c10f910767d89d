"""Memory of all processes, PostgreSQL included: `python -m bench memory`.

Starts `textfirst up` as it ships on a home of its own and adds up the proportional set sizes (a page that several share counts once): when it is
fresh, the most while contacts are imported and texted over SMPP through the bundled simulator with people looking on, and when nobody has
asked for anything for a minute.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from bench import report
from bench.campaign import agree, make, until_final
from bench.carriers import Bundled
from bench.installation import Api, Running, import_contacts, installation
from bench.report import Row

LOOK_EVERY = 1.0  # seconds; a look reads some thirty files of /proc
LOOKED_AT = 0.5  # seconds of each page
PAGES = ("/contacts", "/conversations", "/campaigns", "/channels", "/imports", "/team")  # what open screens ask for
MOST_IDLE, MOST_USED = 350, 500  # MB


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        time.sleep(options.idle)
        fresh = running.memory()
        with _peak_of(running) as peak, _surfing(api, options.people):
            _text_everybody(running, api, options.recipients)
            running.hang_up()
        time.sleep(options.idle)
        after, parts = running.memory(), running.memory_parts()
    _tell(fresh, peak, after, parts, options)


def _text_everybody(running: Running, api: Api, recipients: int) -> None:
    carrier = Bundled(running, api)
    audience = import_contacts(api, "everybody", range(recipients))
    campaign = make(api, carrier.channel_id, audience)
    carrier.begin()
    api.post(f"/campaigns/{campaign}/start", {})
    until_final(running, campaign, recipients)
    agree(running, api, carrier, campaign, recipients)


@contextmanager
def _peak_of(running: Running) -> Iterator[dict[str, float]]:
    """Filled with the look at which the sum was largest."""
    found: dict[str, float] = {}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY):
            seen = running.memory()
            if sum(seen.values()) > sum(found.values()):
                found.update(seen)

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    try:
        yield found
    finally:
        ended.set()
        watching.join()


@contextmanager
def _surfing(api: Api, people: int) -> Iterator[None]:
    """So many people, each of whom looks at one page after the other."""
    ended = threading.Event()

    def surf() -> None:
        while not ended.is_set():
            for page in PAGES:
                api.get(page)
                ended.wait(LOOKED_AT)

    with ThreadPoolExecutor(people or 1) as crowd:
        surfing = [crowd.submit(surf) for _ in range(people)]
        try:
            yield
        finally:
            ended.set()
        for one in surfing:
            one.result()


def _tell(
    fresh: dict[str, float], peak: dict[str, float], after: dict[str, float], parts: list[dict[str, Any]], options: argparse.Namespace
) -> None:
    told = f"{options.recipients:,} imported and texted, {options.people} people looking on"
    rows = [
        Row("memory of all processes, fresh and idle, PSS", sum(fresh.values()), "MB", f"<= {MOST_IDLE}"),
        Row(f"the most, {told}", sum(peak.values()), "MB", f"<= {MOST_USED}"),
        Row(f"{options.idle:.0f} s after the last request", sum(after.values()), "MB", f"<= {MOST_IDLE}"),
        *(Row(f"    {name}, was {fresh.get(name, 0):.0f} when fresh", held, "MB") for name, held in sorted(after.items(), key=lambda each: -each[1])),
    ]  # fmt: skip
    report.write("memory", rows, fresh=fresh, peak=peak, after=after, parts=parts)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench memory", description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--idle", type=float, default=60, help="seconds without requests before an idle figure is taken")
    return parser.parse_args(argv)
