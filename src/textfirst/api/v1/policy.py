"""How people are reached: what the workspace has settled, and what it means for somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.contacts.queries.contacts import country_of_workspace
from textfirst.core.addresses import read_number
from textfirst.decisions.actions import change_policy
from textfirst.decisions.meaning import Meaning, meaning
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import DEFAULT, GoOn, Policy
from textfirst.decisions.queries import policy_of
from textfirst.messages.rules.sending import read_purpose

router = Router(tags=["rules"])

Day = Annotated[
    list[str], Field(max_length=8, description="Open spans, in order; empty: closed.", examples=[["09:00-12:00", "14:00-20:00"]])
]


class WeekIO(Schema, extra="forbid"):
    mon: Day
    tue: Day
    wed: Day
    thu: Day
    fri: Day
    sat: Day
    sun: Day


class OwnHoursOut(Schema):
    """Narrower than the rules of the places; they never widen anything."""

    week: Annotated[WeekIO | None, Field(description="By the clock of the person who is reached; null: none of our own.")]
    margin_minutes: Annotated[int, Field(description="Nothing is begun so shortly before closing, on top of each rule's own margin.")]


class OwnHoursIn(Schema, extra="forbid"):
    week: WeekIO | None = None
    margin_minutes: int | None = None


class CapIO(Schema, extra="forbid"):
    """At most so many messages to one person in so many days, by all channels together."""

    texts: int
    days: int


CapList = Annotated[list[CapIO], Field(max_length=8)]


class CapsOut(Schema):
    across: Annotated[CapList, Field(description="Promotions, greetings and requests for feedback together.")]
    promotion: CapList
    greeting: CapList
    feedback: CapList
    reminder: CapList
    appointment: CapList
    notice: CapList


class CapsIn(Schema, extra="forbid"):
    """An empty list is no cap; null puts the default back."""

    across: CapList | None = None
    promotion: CapList | None = None
    greeting: CapList | None = None
    feedback: CapList | None = None
    reminder: CapList | None = None
    appointment: CapList | None = None
    notice: CapList | None = None


class StepIO(Schema, extra="forbid"):
    kind: Annotated[str, Field(description="text, call, email or chat.")]
    wait_minutes: int = 0
    go_on: Annotated[GoOn | None, Field(description="When the next step is taken, after the wait; null in the last.")] = None


class PlanIO(Schema, extra="forbid"):
    steps: Annotated[list[StepIO], Field(max_length=20)]
    by_age: Annotated[bool, Field(description="Where nobody's wish is known, begin by age group.")] = False
    urgent: Annotated[bool, Field(description="Its order stands above a wish, and that is recorded.")] = False


class PlansOut(Schema):
    promotion: PlanIO
    greeting: PlanIO
    feedback: PlanIO
    reminder: PlanIO
    appointment: PlanIO
    notice: PlanIO
    support: PlanIO
    staff: PlanIO
    code: PlanIO
    urgent: PlanIO


class PlansIn(Schema, extra="forbid"):
    """Null puts the default back."""

    promotion: PlanIO | None = None
    greeting: PlanIO | None = None
    feedback: PlanIO | None = None
    reminder: PlanIO | None = None
    appointment: PlanIO | None = None
    notice: PlanIO | None = None
    support: PlanIO | None = None
    staff: PlanIO | None = None
    code: PlanIO | None = None
    urgent: PlanIO | None = None


class StaffHoursIO(Schema, extra="forbid"):
    """When the team is there. Whoever writes outside of it hears once that their message has arrived, and when somebody is back."""

    zone: Annotated[str, Field(max_length=64, examples=["Europe/Athens"])]
    week: WeekIO
    holidays: Annotated[list[date], Field(max_length=400, default_factory=list)]
    messages: Annotated[
        dict[str, str],
        Field(
            max_length=40, default_factory=dict, examples=[{"en": "We are back {back}."}],
            description="By language, instead of ours; `{back}` stands for when somebody is back.",
        ),
    ]  # fmt: skip


class SettingsOut(Schema):
    countries: Annotated[list[str], Field(description="Where the customers are, ISO 3166; empty: anywhere. Advertising goes nowhere else.")]
    hours: OwnHoursOut
    caps: CapsOut
    capped: Annotated[
        str,
        Field(
            description="What becomes of messages beyond a cap: `wait`, one after the other until there is room, within their validity; `newest`, a newer promotion takes the place of older ones that wait."
        ),
    ]
    plans: PlansOut
    staff_hours: StaffHoursIO | None
    relies_on: Annotated[
        list[str], Field(description="Exemptions it keeps to instead of asking for consent: limits of the rule packs that are `relied_on`.")
    ]


class PolicyOut(SettingsOut):
    defaults: Annotated[SettingsOut, Field(description="What holds where nothing was settled.")]


class PolicyChange(Schema, extra="forbid"):
    """What is left out stays, also inside hours, caps and plans; null puts a default back."""

    countries: Annotated[list[Annotated[str, Field(max_length=2, examples=["GR"])]] | None, Field(max_length=300)] = None
    hours: OwnHoursIn | None = None
    caps: CapsIn | None = None
    capped: Annotated[str | None, Field(max_length=20)] = None
    plans: PlansIn | None = None
    staff_hours: StaffHoursIO | None = None
    relies_on: Annotated[list[Annotated[str, Field(max_length=40, examples=["US.healthcare-day"])]] | None, Field(max_length=20)] = None


class SomebodyIn(Schema, extra="forbid"):
    """Somebody, by a number or by where they are; what is left out is not known."""

    purpose: Annotated[str, Field(max_length=40)]
    to: Annotated[str, Field(max_length=200, description="A number in any form.")] = ""
    country: Annotated[str, Field(max_length=2)] = ""
    region: Annotated[str, Field(max_length=3)] = ""
    zone: Annotated[str, Field(max_length=64)] = ""


class HeldRuleOut(Schema):
    id: str
    jurisdiction: str
    version: int
    sentence: str
    law: Annotated[bool, Field(description="A law asks for it; otherwise we keep it unasked.")]


class OpenSpanOut(Schema):
    date: date
    opens: str
    closes: str


class MeaningOut(Schema):
    sentences: list[str]
    places: Annotated[list[str], Field(description="Everywhere they may be.")]
    rules: list[HeldRuleOut]
    week: Annotated[
        list[OpenSpanOut], Field(description="When such a message may begin, the next seven days; a day may have several spans, or none.")
    ]
    zone: Annotated[str, Field(description="Whose clock the week goes by, the first of those it could be; empty: not known.")]


@router.get("/policy", response=PolicyOut)
@needs(Role.VIEWER)
def read_policy(request: Request) -> dict[str, Any]:
    """Where customers are, hours, caps, plans and staff hours, with the defaults beside them."""
    return _shown(policy_of(request.caller.workspace_id))


@router.patch("/policy", response=PolicyOut)
@needs(Role.ADMIN)
def edit_policy(request: Request, payload: PolicyChange) -> dict[str, Any]:
    """Whatever waits is decided again by the new settings before it leaves."""
    return _shown(change_policy(workspace_id=request.caller.workspace_id, changes=payload.model_dump(mode="json", exclude_unset=True)))


@router.post("/policy/preview", response=MeaningOut)
@needs(Role.VIEWER)
def preview_policy(request: Request, payload: SomebodyIn) -> Meaning:
    """What settings and rules come to for somebody who has agreed to everything. Nothing is sent."""
    workspace_id = request.caller.workspace_id
    number = read_number(payload.to, country_of_workspace(workspace_id)).address if payload.to else ""
    where = {"number": number, "country": payload.country.upper(), "region": payload.region.upper(), "zone": payload.zone}
    return meaning(
        where, read_purpose(payload.purpose), policy_of(workspace_id), shelf(), now=datetime.now(UTC), language=reader_language(request)
    )


def _shown(policy: Policy) -> dict[str, Any]:
    return {**policy.model_dump(mode="json"), "defaults": DEFAULT.model_dump(mode="json")}
