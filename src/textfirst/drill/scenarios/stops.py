"""T17: people say STOP at every failpoint of a running campaign, on their phones and by somebody in the console."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Thread
from typing import ClassVar, Final

import httpx
import psycopg

from textfirst.core.failpoints import NAMES
from textfirst.drill.armed import ArmedScenario
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.harness import look, rests
from textfirst.drill.installation import Broken, within
from textfirst.drill.load import Console
from textfirst.drill.scenario import Drill

PLACES: Final = tuple(
    name for name in NAMES if name.split(".")[0] in {"claim", "submit", "answer", "receipt", "text", "inbound", "campaign"}
)
SHORT: Final = ("claim.before_commit", "claim.committed")
HOLDS: Final = ("sleep=0.2", "sleep=0.6", "exit")  # shorter than what may pass between commit and bytes, longer, and for ever
PEOPLE: Final = 60  # of one round's campaign
AT_ONCE: Final = 4  # who say STOP together
REACHED_WITHIN: Final = 20.0  # seconds until a round gets to its place
ROUND_WITHIN: Final = 240.0  # seconds until it is over: the job of a dead worker is taken up within two minutes


class StopsEverywhere(ArmedScenario):
    """A small campaign for each place and each way to be held up there; who is being texted at that very moment says STOP."""

    name: ClassVar[str] = "T17"
    title: ClassVar[str] = "STOP at every failpoint of a campaign"
    hypothesis: ClassVar[str] = (
        "Wherever a campaign is when somebody's STOP is committed, no attempt to text them is committed afterwards; what was already on its way "
        "leaves within 250 ms or not at all, also when the machine stands still or dies in between."
    )

    def faults(self, drill: Drill) -> None:
        self._broken: list[str] = []
        self._fired: Counter[str] = Counter()
        self._rounds, self._said = 0, 0
        cookies = dict(drill.loader.console.http.cookies)
        self._hands = [
            Console(drill.installation.url, cookies) for _ in range(AT_ONCE)
        ]  # open before, so that a STOP takes a few milliseconds
        places = SHORT if drill.short else PLACES
        for place in drill.random.sample(places, len(places)):
            for hold in HOLDS[1:] if drill.short else HOLDS:
                self._round(drill, place, hold)
        drill.facts["reached"] = ", ".join(f"{place} × {times}" for place, times in sorted(self._fired.items()))
        drill.facts["said STOP"] = self._said
        never = [place for place in places if not self._fired[place]]
        if never:
            self._broken.append(f"No round ever reached {', '.join(never)}, so nothing was shown there.")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        yield from self._broken
        stops = verdict.counts["stops"]
        if stops < self._said:
            yield f"{self._said} people said STOP, and {stops} of them are in the ledger."
        if not verdict.counts["not sent"]:
            yield "Every STOP came too late to hold anything back, so the race was not tried."

    # ── a round ─────────────────────────────────────────────────────────────────────────────────────────

    def _round(self, drill: Drill, place: str, hold: str) -> None:
        self._rounds += 1
        people = [f"+4479600{self._rounds * PEOPLE + number:05d}" for number in range(PEOPLE)]
        list_id = drill.loader.bring_in(people, f"Round {self._rounds}")
        sql = "select address, contact_id::text from contact_identity where address = any(%s)"
        self._contacts = {str(row[0]): str(row[1]) for row in drill.installation.ask(sql, people)}
        self.arm(f"{place}:{hold}@1")
        starting = Thread(target=drill.loader.text_list, args=(list_id, people), daemon=True)
        starting.start()
        first = people[-AT_ONCE:]  # the last of the campaign: most are stopped before it gets to them
        self._stop_all(drill, first[:2], first[2:])
        reached = within(REACHED_WITHIN, self.fired, every=0.005)
        if reached:
            self._fired[place] += 1
            now = _being_texted(drill, [one for one in people if one not in first])
            self._stop_all(drill, now[-1:], now[:-1])
        else:
            self.disarm()
            drill.note(f"{place} was not reached in round {self._rounds}")
        starting.join(ROUND_WITHIN)
        if not within(ROUND_WITHIN, lambda: rests(drill), every=0.3):
            self._broken.append(f"Round {self._rounds} ({place}, {hold}) did not come to rest within {ROUND_WITHIN:.0f} s: {look(drill)}")

    def _stop_all(self, drill: Drill, by_phone: Sequence[str], by_hand: Sequence[str]) -> None:
        """All at the same moment, as far as threads can."""
        threads = [
            *(Thread(target=drill.loader.types, args=(one.lstrip("+"), "STOP"), daemon=True) for one in by_phone),
            *(
                Thread(target=_stop_by_hand, args=(hand, self._contacts[one]), daemon=True)
                for hand, one in zip(self._hands, by_hand, strict=False)
            ),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(ROUND_WITHIN)
        self._said += len(threads)


def _being_texted(drill: Drill, people: Sequence[str]) -> list[str]:
    """Half of those whose attempts are the newest, half of those who come next."""
    newest = """
        select m.address from attempt a join message m on m.workspace_id = a.workspace_id and m.id = a.message_id
        where m.address = any(%s) order by a.id desc limit %s
    """
    comes = "select address from outbox where address = any(%s) order by not_before, id limit %s"
    half = AT_ONCE // 2
    try:
        with drill.installation.database() as connection:
            found = [row[0] for sql in (newest, comes) for row in connection.execute(sql, (list(people), half)).fetchall()]
    except (psycopg.Error, OSError):
        found = []
    return list(dict.fromkeys([*found, *people[:AT_ONCE]]))[:AT_ONCE]


def _stop_by_hand(hand: Console, contact_id: str) -> None:
    """Somebody in the console, told on the phone."""
    end = time.monotonic() + ROUND_WITHIN
    while time.monotonic() < end:
        try:
            hand.ask("POST", f"/contacts/{contact_id}/stop", json={"note": "said so on the phone"})
        except (httpx.HTTPError, Broken):
            time.sleep(0.1)
        else:
            return


SCENARIOS = (StopsEverywhere,)
