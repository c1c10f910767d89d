"""`textfirst campaign`: text a whole list from a script."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click

from textfirst.cli.accounts import WORKSPACE
from textfirst.cli.output import json_option, tell
from textfirst.cli.wired import in_workspace
from textfirst.core.errors import NotFound
from textfirst.core.purposes import Purpose

AT = click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    help="When, with the zone: 2027-03-01T10:00+02:00. Default: now.",
)


@click.group()
def campaign() -> None:
    """Text a whole list."""


@campaign.command()
@click.argument("text")
@click.option("--name", required=True, help="How people call it; customers never see it.")
@click.option("--list", "lists", multiple=True, metavar="NAME", help="Whom: a list; several times for several.")
@click.option("--everyone", is_flag=True, help="Whom: every contact of the workspace.")
@click.option(
    "--purpose", required=True, type=click.Choice([each.word for each in Purpose]), help="What it is for; decides who may get it and when."
)
@click.option(
    "--channel",
    "channel_id",
    type=click.UUID,
    metavar="ID",
    help="Through which channel; default: the one that the workspace would choose.",
)
@AT
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@WORKSPACE
@json_option
def send(text: str, *, workspace: str | None, yes: bool, as_json: bool, **given: Any) -> None:
    """Text TEXT to everybody on the lists, each once. It says how many first, and asks.

    Merge fields are Liquid: {{ contact.first_name | default: "there" }}. Who has stopped is left out.

    \b
    Example:  textfirst campaign send 'Hi {{ contact.first_name }}, we open at 9.' --name Opening --list Spring --purpose notice --yes
    """
    if not given["lists"] and not given["everyone"]:
        raise click.UsageError("Say whom: --list NAME, or --everyone.")
    with in_workspace(workspace) as found:
        from textfirst.campaigns.actions.planning import create
        from textfirst.campaigns.actions.steering import start
        from textfirst.contacts.queries.groups import count_audience
        from textfirst.contacts.types import Audience

        audience = Audience(everyone=given["everyone"], lists=tuple(_list_id(found.id, name) for name in given["lists"]))
        count = count_audience(found.id, audience)
        if not yes:
            click.confirm(f"Text {count:,} people?", abort=True, err=True)
        made = create(
            workspace_id=found.id, name=given["name"], purpose=Purpose[given["purpose"].upper()], channel_id=given["channel_id"],
            audience=audience, text=text, created_by_id=None,
        )  # fmt: skip
        started = start(workspace_id=found.id, campaign_id=made.id, at=given["at"], now=datetime.now(UTC))
    when = f"at {given['at'].isoformat()}" if given["at"] else "now"
    facts = {"id": str(made.id), "state": started.state, "people": count, "workspace_id": str(found.id)}
    tell(facts, f"{given['name']} goes to {count:,} people {when} ({made.id}). Its page shows how far it is.", as_json=as_json)


@campaign.command("dry-run")
@click.argument("text", required=False)
@click.option("--campaign", "campaign_id", type=click.UUID, metavar="ID", help="A campaign that is there, instead of a text.")
@click.option("--list", "lists", multiple=True, metavar="NAME", help="Whom: a list; several times for several.")
@click.option("--everyone", is_flag=True, help="Whom: every contact of the workspace.")
@click.option("--purpose", type=click.Choice([each.word for each in Purpose]), help="What it is for; decides who may get it and when.")
@AT
@WORKSPACE
@json_option
def dry_run(text: str | None, *, campaign_id: UUID | None, workspace: str | None, as_json: bool, **given: Any) -> None:
    """Say whom a text would reach now or later, and whom not and why. Nothing is sent.

    \b
    Example:  textfirst campaign dry-run 'Hi {{ contact.first_name }}, we open at 9.' --list Spring --purpose promotion
    """
    if campaign_id is None and (text is None or given["purpose"] is None or not (given["lists"] or given["everyone"])):
        raise click.UsageError("Name a campaign (--campaign ID), or give a TEXT, its --purpose and whom: --list NAME or --everyone.")
    with in_workspace(workspace) as found:
        from textfirst.campaigns.actions.dry_run import dry_run as run
        from textfirst.campaigns.actions.dry_run import moment_of
        from textfirst.campaigns.queries import campaign as find
        from textfirst.campaigns.rules import read_audience, starts, told
        from textfirst.contacts.types import Audience

        now = datetime.now(UTC)
        if campaign_id is not None:
            row = find(found.id, campaign_id)
            plan = (read_audience(row.audience), Purpose(row.purpose), row.text, given["at"] or row.scheduled_at)
        else:
            audience = Audience(everyone=given["everyone"], lists=tuple(_list_id(found.id, name) for name in given["lists"]))
            plan = (audience, Purpose[given["purpose"].upper()], text or "", given["at"])
        whom, purpose, words, at = plan
        came = run(workspace_id=found.id, audience=whom, purpose=purpose, text=words, now=moment_of(at, now))
    later = [{"from": start.at.isoformat(), "reason": start.reason, "count": many} for start, many in starts(came)]
    facts = {
        "at": came.at.isoformat(),
        "total": came.total,
        "now": came.now,
        "later": later,
        "not": dict(came.refused.most_common()),
        "segments": came.segments,
    }
    tell(facts, told(came, "en"), as_json=as_json)


def _list_id(workspace_id: UUID, name: str) -> UUID:
    from textfirst.contacts.models import ContactList

    found = ContactList.objects.of(workspace_id).filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(repr(each) for each in ContactList.objects.of(workspace_id).order_by("name").values_list("name", flat=True)[:20])
        raise NotFound(f"There is no list {name!r}. There is: {known or 'none yet'}.")
    return UUID(str(found.id))
