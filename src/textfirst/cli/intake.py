"""`textfirst intake`: what came in and could not be stored, and taking it in after all."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import click

from textfirst.cli.accounts import WORKSPACE
from textfirst.cli.output import json_option, tell
from textfirst.cli.wired import in_workspace


@click.group()
def intake() -> None:
    """What came in and could not be stored: see it, take it in after all."""


@intake.command()
@WORKSPACE
@json_option
def rejected(workspace: str | None, *, as_json: bool) -> None:
    """List what was put aside and waits: its id, channel, moment and problem. It says neither who wrote nor what.

    \b
    Example:  textfirst intake rejected
    """
    with in_workspace(workspace) as found:
        from textfirst.channels.models import Channel
        from textfirst.messages.actions.put_aside import put_aside, state

        names = dict(Channel.objects.of(found.id).values_list("id", "name"))
        facts = [
            {
                "id": str(row.id), "channel": names.get(row.channel_id, str(row.channel_id)), "received_at": row.received_at.isoformat(),
                "bytes": len(row.pdu), "problem": row.problem, "state": state(row),
            }
            for row in put_aside(found.id).filter(replayed_at=None).order_by("id")
        ]  # fmt: skip
    lines = [f"{one['id']}  {one['received_at']}  {one['channel']}: {one['problem']} ({one['state']})" for one in facts]
    tell(facts, "\n".join(lines) or "Nothing is put aside.", as_json=as_json)


@intake.command()
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--all", "everything", is_flag=True, help="All that was put aside and waits.")
@WORKSPACE
@json_option
def replay(ids: tuple[UUID, ...], workspace: str | None, *, everything: bool, as_json: bool) -> None:
    """Take in what was put aside: the engine that speaks for its channel does it within seconds, each once, as if it came now.

    What fails again stays put aside, with its new problem; `textfirst intake rejected` shows it.

    \b
    Example:  textfirst intake replay --all
    """
    if everything is bool(ids):
        raise click.UsageError("Name what to take in by its id, or say --all.")
    with in_workspace(workspace) as found:
        from textfirst.messages.actions.put_aside import ask_again, put_aside

        asked = ask_again(put_aside(found.id), datetime.now(UTC), None if everything else ids)
    tell({"asked": asked}, f"{asked} will be taken in as soon as the engine speaks for their channel.", as_json=as_json)
