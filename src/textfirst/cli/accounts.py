"""Commands about who: workspaces, people, API keys."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from textfirst.cli.output import json_option, tell
from textfirst.cli.wired import django_ready, in_workspace

WORKSPACE = click.option("--workspace", metavar="NAME|ID", help="Which workspace; not needed while there is only one.")
PASSWORD_VARIABLE = "TEXTFIRST_PASSWORD"  # noqa: S105 - the name of a variable


@click.group()
def workspace() -> None:
    """Make workspaces: each has its own contacts, team, channels and keys, unseen by the others."""


@workspace.command("create")
@click.argument("name")
@click.option("--owner", "email", required=True, metavar="EMAIL", help="Who owns it; made if they have no account yet.")
@click.option("--owner-name", default="", help="Their name, when they have no account yet.")
@click.option("--country", required=True, metavar="CODE", help="Where its customers are, such as GR or VN: how local numbers are read.")
@click.option("--time-zone", required=True, metavar="ZONE", help="Such as Europe/Athens: what decent hours are.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "ar", "vi", "el", "pl"]))
@json_option
def create_workspace(*, as_json: bool, **given: str) -> None:
    """Make the workspace NAME with its simulator and inbox. A new owner's password is read from TEXTFIRST_PASSWORD or asked for.

    \b
    Example:  textfirst workspace create "Blue Cafe" --owner ana@example.com --owner-name Ana --country GR --time-zone Europe/Athens
    """
    with django_ready():
        from django.db import transaction

        from textfirst.accounts.actions.workspaces import Place
        from textfirst.accounts.actions.workspaces import create_workspace as create
        from textfirst.accounts.queries import user_by_email
        from textfirst.api.provision import provision

        with transaction.atomic():
            owner = user_by_email(given["email"]) or _new_user(given["email"], given["owner_name"], given["language"])
            made = create(place=Place(given["name"], given["country"].upper(), given["time_zone"], given["language"]), owner=owner)
            provision(made)
    tell({"id": str(made.id), "name": made.name, "owner": given["email"]}, f"Made the workspace {made.name} ({made.id})", as_json=as_json)


@workspace.command("list")
@json_option
def list_workspaces(*, as_json: bool) -> None:
    """Every workspace of this installation.

    \b
    Example:  textfirst workspace list --json
    """
    with django_ready():
        from textfirst.accounts.models import Workspace
        from textfirst.database.scope import as_owner

        with as_owner():
            rows = [{"id": str(each.id), "name": each.name, "country": each.country} for each in Workspace.objects.order_by("created_at")]
    tell(
        {"items": rows}, "\n".join(f"{row['id']}  {row['country']}  {row['name']}" for row in rows) or "There is none yet", as_json=as_json
    )


@click.group()
def user() -> None:
    """Make people who can log in."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True, help="How colleagues see them.")
@click.option("--role", default="agent", show_default=True, type=click.Choice(["owner", "admin", "agent", "viewer"]))
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "ar", "vi", "el", "pl"]))
@WORKSPACE
@json_option
def create_user(*, email: str, name: str, role: str, language: str, workspace: str | None, as_json: bool) -> None:
    """Make an account for EMAIL and put it into a workspace. The password is read from TEXTFIRST_PASSWORD or asked for.

    \b
    Example:  textfirst user create sam@example.com --name Sam --role agent --workspace "Blue Cafe"
    """
    with in_workspace(workspace) as found:
        from django.db import transaction

        from textfirst.accounts.models import Membership
        from textfirst.accounts.queries import user_by_email
        from textfirst.events.actions import record_one

        with transaction.atomic():
            person = user_by_email(email) or _new_user(email, name, language)
            member, new = Membership.objects.get_or_create(workspace_id=found.id, user=person, defaults={"role": role})
            if new:
                record_one(found.id, "team.updated", member.id)
    words = f"{person.email} is {member.role} in {found.name}" + ("" if new else " already; their role is changed in the team's page")
    tell({"id": str(person.id), "email": person.email, "role": member.role, "workspace_id": str(found.id)}, words, as_json=as_json)


@click.group()
def key() -> None:
    """Make API keys."""


@key.command("create")
@click.option("--kind", required=True, type=click.Choice(["live", "test"]), help="A test key's messages never leave the simulator.")
@click.option("--name", default="made on the command line", show_default=True)
@click.option(
    "--scope", "scopes", multiple=True, help="What it may do, such as messages:send; several times for several. Default: everything."
)
@WORKSPACE
@json_option
def create_key(*, kind: str, name: str, scopes: tuple[str, ...], workspace: str | None, as_json: bool) -> None:
    """Make a key and print its secret, once: it is stored hashed and cannot be shown again.

    \b
    Example:  textfirst key create --workspace "Blue Cafe" --kind test --scope messages:send --scope messages:read
    """
    from textfirst.accounts.types import KeyKind, Scope

    unknown = [scope for scope in scopes if scope not in {each.value for each in Scope}]
    if unknown:
        raise click.UsageError(f"There is no scope {unknown[0]!r}. There are: {', '.join(each.value for each in Scope)}.")
    with in_workspace(workspace) as found:
        from textfirst.accounts.actions.keys import create_key as create

        made, secret = create(
            workspace_id=found.id, name=name, kind=KeyKind(kind), scopes=[Scope(scope) for scope in scopes] or list(Scope), created_by=None
        )
    tell({"id": str(made.id), "kind": kind, "scopes": made.scopes, "secret": secret}, secret, as_json=as_json)


def _new_user(email: str, name: str, language: str) -> Any:
    from textfirst.accounts.actions.people import create_user as create

    return create(name=name or email.split("@", maxsplit=1)[0], email=email, password=_password(email), language=language, verified=True)


def _password(email: str) -> str:
    """Never an argument: those are seen by every user of the machine."""
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"Give the password of {email} in the variable {PASSWORD_VARIABLE}, or run this in a terminal.")
    asked: str = click.prompt(f"Password for {email}", hide_input=True, confirmation_prompt=True, err=True)
    return asked
