"""Django for a command: the database found or started, the tables brought up to date, the workspace entered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textfirst.cli.database import Database, opened
from textfirst.cli.output import settings
from textfirst.core.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from textfirst.accounts.models import Workspace


@contextmanager
def django_ready() -> Iterator[Database]:
    """Django set up on the database this shell means. When nothing runs on it, its tables are brought up to date first."""
    given = settings()
    with opened(given) as database:
        os.environ["DATABASE_URL"] = database.url
        os.environ["DJANGO_SETTINGS_MODULE"] = "textfirst.config.settings"
        import django

        django.setup()
        if database.started_here:
            from textfirst.config.upgrade import bring_up_to_date

            bring_up_to_date(settings(), say=lambda _: None, programs=database.programs)
        try:
            yield database
        finally:
            from django.db import connections

            connections.close_all()


@contextmanager
def in_workspace(name_or_id: str | None) -> Iterator[Workspace]:
    """The workspace by its id or its name, or the only one when none is named; entered for as long as the command works in it."""
    with django_ready():
        yield _entered(name_or_id)


@contextmanager
def in_workspace_with_jobs(name_or_id: str | None) -> Iterator[tuple[Workspace, bool]]:
    """As `in_workspace`, and whether background jobs can be expected to run on its database."""
    with django_ready() as database:
        yield _entered(name_or_id), not database.started_here


def _entered(name_or_id: str | None) -> Workspace:
    found = _find(name_or_id)
    from textfirst.database.scope import enter_workspace

    enter_workspace(found.id)
    return found


def find_workspaces(name_or_id: str | None) -> list[Workspace]:
    """The one that is named, or all there are, oldest first; for use within `django_ready`."""
    from textfirst.accounts.models import Workspace
    from textfirst.database.scope import as_owner

    if name_or_id is not None:
        return [_find(name_or_id)]
    with as_owner():
        return list(Workspace.objects.order_by("created_at"))


def _find(name_or_id: str | None) -> Workspace:
    """Looked for as the owner of the tables: an operator stands above workspaces."""
    from textfirst.accounts.models import Workspace
    from textfirst.database.scope import as_owner

    with as_owner():
        every = list(Workspace.objects.order_by("created_at"))
    if name_or_id is None and len(every) == 1:
        return every[0]
    if name_or_id is None:
        raise InvalidInput(f"Say which workspace: --workspace {'|'.join(repr(each.name) for each in every) or 'NAME (there is none yet)'}")
    matching = [each for each in every if str(each.id) == name_or_id] or [
        each for each in every if each.name.casefold() == name_or_id.casefold()
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise InvalidInput(
            f"Several workspaces are called {name_or_id!r}; use one of their ids: {', '.join(str(each.id) for each in matching)}"
        )
    raise NotFound(f"There is no workspace {name_or_id!r}. There is: {', '.join(repr(each.name) for each in every) or 'none yet'}")
