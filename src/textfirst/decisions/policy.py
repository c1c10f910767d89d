"""What a workspace has settled about reaching people: a row of `decision_policy`, or these defaults."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from textfirst.core.purposes import Purpose
from textfirst.decisions.packs.places import country_known
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Week
from textfirst.decisions.packs.zones import zone_known
from textfirst.decisions.types import ChannelKind

LONGEST_CAP = 31  # days: facts go back no further
MOST_STEPS = 8


class _Setting(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _country(code: str) -> str:
    if not country_known(code):
        raise ValueError("Write countries as GR, US or VN.")
    return code


def _zone(name: str) -> str:
    if not zone_known(name):
        raise ValueError("There is no such time zone. Write it as Europe/Athens.")
    return name


class OwnHours(_Setting):
    """Hours of its own, for advertising and services alike: they narrow what the rules allow and never widen it."""

    week: Week | None = None  # by the clock of the person who is reached; None: no hours of its own
    margin_minutes: Annotated[StrictInt, Field(ge=0, le=120)] = 0  # on top of each rule's margin before closing

    @cached_property
    def narrow(self) -> bool:
        return self.week is not None or self.margin_minutes > 0


class Cap(_Setting):
    """At most so many messages to one person within so many days, by all channels together."""

    texts: Annotated[StrictInt, Field(ge=1, le=1000)]
    days: Annotated[StrictInt, Field(ge=1, le=LONGEST_CAP)]


CapList = Annotated[tuple[Cap, ...], Field(max_length=8)]


class Caps(_Setting):
    """`across` counts promotions, greetings and requests for feedback together (X8, S122); the others count their purpose alone. Empty: no cap."""

    across: CapList = (Cap(texts=1, days=1), Cap(texts=4, days=7))
    promotion: CapList = ()
    greeting: CapList = ()
    feedback: CapList = ()
    reminder: CapList = (Cap(texts=4, days=1),)
    appointment: CapList = (Cap(texts=4, days=1),)
    notice: CapList = (Cap(texts=6, days=1),)


class GoOn(StrEnum):
    """What has to be so after the wait for the next step to be taken."""

    ALWAYS = "always"  # the next step goes beside this one
    NOT_DELIVERED = "not_delivered"
    NOT_ANSWERED = "not_answered"
    NOT_CONFIRMED = "not_confirmed"
    UNHAPPY = "unhappy"  # the answer was a bad one


class Step(_Setting):
    """One step of a plan: by what, how long to wait then, and when to go on. The last step has nothing to go on to."""

    kind: Literal["text", "call", "email", "chat"]
    wait_minutes: Annotated[StrictInt, Field(ge=0, le=7 * 24 * 60)] = 0
    go_on: GoOn | None = None

    @cached_property
    def channel(self) -> ChannelKind:
        return ChannelKind[self.kind.upper()]


class Plan(_Setting):
    """By what to reach people, step after step. A wish that a person has stated comes first, if the plan has such a step."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]
    by_age: StrictBool = False  # where no wish is known, begin by age group (S2, S46)
    urgent: StrictBool = False  # its order stands above any wish, which is recorded (X4)

    @cached_property
    def kinds(self) -> frozenset[ChannelKind]:
        return frozenset(step.channel for step in self.steps)

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if any(step.go_on is None for step, _ in pairwise(self.steps)):
            raise ValueError("Say of each step but the last when to go on to the next.")
        return self


def _plan(*steps: Step, by_age: bool = False, urgent: bool = False) -> Plan:
    return Plan(steps=steps, by_age=by_age, urgent=urgent)


_TEXT = Step(kind="text")
_CALL = Step(kind="call")


class Plans(_Setting):
    """The plan of each purpose (S31, S32, S39, S42, S44, S46, S53)."""

    promotion: Plan = _plan(_TEXT)
    greeting: Plan = _plan(_TEXT)
    feedback: Plan = _plan(Step(kind="text", wait_minutes=24 * 60, go_on=GoOn.UNHAPPY), _CALL)
    reminder: Plan = _plan(Step(kind="text", wait_minutes=2 * 60, go_on=GoOn.NOT_CONFIRMED), _CALL)
    appointment: Plan = _plan(Step(kind="text", wait_minutes=30, go_on=GoOn.NOT_DELIVERED), Step(kind="email"))
    notice: Plan = _plan(_TEXT)
    support: Plan = _plan(
        Step(kind="text", wait_minutes=30, go_on=GoOn.NOT_DELIVERED),
        Step(kind="call", wait_minutes=30, go_on=GoOn.NOT_ANSWERED),
        Step(kind="chat", wait_minutes=30, go_on=GoOn.NOT_ANSWERED),
        Step(kind="email"),
        by_age=True,
    )
    staff: Plan = _plan(_TEXT)
    code: Plan = _plan(_TEXT)
    urgent: Plan = _plan(
        Step(kind="call", go_on=GoOn.ALWAYS), Step(kind="text", wait_minutes=5, go_on=GoOn.NOT_CONFIRMED), _CALL, urgent=True
    )

    def of(self, purpose: Purpose) -> Plan:
        return self.by_purpose[purpose]

    @cached_property
    def by_purpose(self) -> dict[Purpose, Plan]:
        return {purpose: getattr(self, purpose.word) for purpose in Purpose}


class StaffHours(_Setting):
    """When the people of the workspace are there; outside, whoever writes gets the message of their language (S111, S113)."""

    zone: Annotated[str, AfterValidator(_zone)]
    week: Week
    holidays: Annotated[tuple[date, ...], Field(max_length=400)] = ()
    messages: Annotated[dict[str, Annotated[str, Field(min_length=1, max_length=600)]], Field(max_length=40)] = {}


def _exemption(id_: str) -> str:
    if not any(rule.id == id_ and rule.relied_on for pack in shelf().packs.values() for rule in pack.limits):
        raise ValueError("There is no such exemption. They stand in the rule packs, as US.healthcare-day.")
    return id_


Exemptions = Annotated[tuple[Annotated[str, AfterValidator(_exemption)], ...], Field(max_length=20)]
Countries = Annotated[tuple[Annotated[str, AfterValidator(_country)], ...], Field(max_length=300)]


class Policy(_Setting):
    """A workspace's settings; without a row, the defaults."""

    countries: Countries = ()  # where its customers are; empty: anywhere
    hours: OwnHours = OwnHours()
    caps: Caps = Caps()
    capped: Literal["wait", "newest"] = "wait"  # what waits for room: one after the other, or a newer promotion in place of an older one
    plans: Plans = Plans()
    staff_hours: StaffHours | None = None
    answers_for: Annotated[
        tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=500)
    ] = ()  # topics somebody answers for (P5), as `US.topics:alcohol`; who and in which words stands in `TopicAnswer`
    relies_on: Exemptions = ()  # limits of packs that it keeps instead of asking for consent (U5)

    @cached_property
    def key(self) -> str:
        """Equal for equal policies: what a look-up goes by, as hashing a policy would take longer than deciding."""
        return self.model_dump_json(exclude_defaults=True)


DEFAULT = Policy()
