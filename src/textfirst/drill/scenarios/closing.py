"""T10H: the hours end in the middle of a campaign, and the engine stands still at that very moment."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar, Final, NamedTuple
from zoneinfo import ZoneInfo

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import Broken
from textfirst.drill.scenario import Drill, Load, Scenario

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PEOPLE: Final = 4_000
AHEAD: Final = timedelta(seconds=25)  # at the least, from the start of the campaign to the end of its hours
HELD_BEFORE, HELD_FOR = 0.7, 4.0  # seconds before the end at which the engine is held, and how long
AGREED: Final = {
    "kind": "express_written",
    "scope": "marketing",
    "shown": "Yes, text me offers.",
    "language": "en",
    "note": "made for a drill",
}
EARLIEST, LATEST = time(10, 15), time(17, 20)  # inside the hours of every place below, on every day of the week


class Place(NamedTuple):
    """Where it is day while the drill runs; each prefix takes four digits more."""

    prefix: str
    zone: str


PLACES: Final = (
    Place("+44791234", "Europe/London"),
    Place("+30694120", "Europe/Athens"),
    Place("+1212736", "America/New_York"),
    Place("+1310736", "America/Los_Angeles"),
    Place("+1808736", "Pacific/Honolulu"),
    Place("+6421234", "Pacific/Auckland"),
    Place("+81901234", "Asia/Tokyo"),
)


class HoursEnd(Scenario):
    """Promotions to people for whom it is day; the workspace's own hours end before half of them have left."""

    name: ClassVar[str] = "T10H"
    title: ClassVar[str] = "the hours end on a running campaign"
    hypothesis: ClassVar[str] = (
        "When the hours end, a running campaign stops by itself: what was claimed before and could not leave in time, because the engine stood still, "
        "does not leave late, and what remains waits until they begin again."
    )
    load: ClassVar[Load] = Load(recipients=0, rate=60, window=20, api=2, codes=0, replies=0, inbound=2, stops=0, seconds=20)
    short_load: ClassVar[Load | None] = load

    def faults(self, drill: Drill) -> None:
        closes = self._begin(drill)
        drill.wait((closes - datetime.now(UTC)).total_seconds() - HELD_BEFORE)
        if not drill.installation.signal("engine", signal.SIGSTOP):
            raise Broken("There was no engine to hold up.")
        drill.note("the engine stands still")
        drill.wait(HELD_FOR)
        drill.installation.signal("engine", signal.SIGCONT)
        drill.note("the engine goes on")
        drill.wait(8)
        self._left, self._waiting = drill.installation.ask(_LEFT_AND_WAITING, self._campaign)[0]
        drill.facts["left and waiting"] = f"{self._left} and {self._waiting}"

    def _begin(self, drill: Drill) -> datetime:
        """Start the campaign, and say until when it may send."""
        place = _where_it_is_day(datetime.now(UTC))
        people = [f"{place.prefix}{number:04d}" for number in range(PEOPLE)]
        list_id = drill.loader.bring_in(people, "Promotion", AGREED)
        closes = (datetime.now(UTC) + AHEAD + timedelta(minutes=1)).replace(second=0, microsecond=0)
        local = closes.astimezone(ZoneInfo(place.zone))
        week = {day: [f"00:00-{local:%H:%M}"] for day in DAYS}
        drill.loader.console.ask("PATCH", "/policy", json={"hours": {"week": week, "margin_minutes": 0}})
        self._campaign = drill.loader.text_list(list_id, people, purpose="promotion")
        drill.loader.ledger.note("closing", campaign=self._campaign, closes=int(closes.timestamp() * 1e9))
        drill.facts["hours"] = f"end at {local:%H:%M} in {place.zone}"
        return closes

    def repair(self, drill: Drill) -> None:
        """What waits for tomorrow is called off, so that the drill comes to rest today."""
        drill.loader.console.patiently("POST", f"/campaigns/{self._campaign}/cancel", json={})

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if not self._left:
            yield "No promotion left before the hours ended, so nothing was shown."
        if self._left + self._waiting < PEOPLE:
            yield f"{PEOPLE - self._left - self._waiting} promotions neither left nor wait for the next opening."
        if not self._waiting:
            yield "All had left before the hours ended, so nothing was shown."


_LEFT_AND_WAITING: Final = """
select count(*) filter (where m.status in (40, 50, 60, 80, 90)),
  count(*) filter (where m.status < 40 and exists (
    select from outbox o where o.workspace_id = m.workspace_id and o.id = m.id and o.not_before > now() + interval '1 hour'))
from message m where m.campaign_id = %s
"""


def _where_it_is_day(now: datetime) -> Place:
    for place in PLACES:
        if EARLIEST <= now.astimezone(ZoneInfo(place.zone)).time() <= LATEST:
            return place
    raise Broken(f"It is day in none of the drill's places at {now:%H:%M} UTC.")


SCENARIOS = (HoursEnd,)
