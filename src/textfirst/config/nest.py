"""`python -m textfirst.config.nest`: import Django once, then fork console and jobs from it.

Two processes that import for themselves take 74 MB each; forked from one, they share most of it.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from textfirst.config.family import AFRESH, Family, say, told_to_begin
from textfirst.core.errors import TextfirstError
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import Settings, read
from textfirst.database.place import default_home
from textfirst.database.server import Binaries

log = logging.getLogger(__name__)


def main() -> None:
    """Wait for the database, migrate, fork, watch, stop."""
    set_up_logs("nest")
    settings = read(os.environ, default_home=default_home())
    _import_everything()
    programs = _programs(told_to_begin())
    if not _migrate_apart(settings, programs):
        sys.exit(1)
    Family({"console": lambda: _console(settings), "jobs": _jobs}).live()


def _import_everything() -> None:
    """What console and jobs both need; all of it before the fork."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
    import textfirst.config.wsgi  # noqa: I001 - first: it runs django.setup()
    import textfirst.config.console
    import textfirst.config.urls
    import textfirst.config.worker  # noqa: F401
    from textfirst.decisions.lawbook import lawbook

    lawbook()  # reading the rule packs takes a moment, which no request should wait for


def _programs(facts: dict[str, str]) -> Binaries | None:
    """The programs of the embedded server, if that is what runs."""
    return Binaries(Path(facts["folder"]), facts["version"]) if facts.get("folder") else None


def _migrate_apart(settings: Settings, programs: Binaries | None) -> bool:
    """Migrate in a fork of its own, whose memory goes with it."""
    pid = os.fork()
    if not pid:
        os._exit(_migrate(settings, programs))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code == 0


def _migrate(settings: Settings, programs: Binaries | None) -> int:
    from textfirst.config.upgrade import bring_up_to_date, is_set_up

    try:
        bring_up_to_date(settings, say=lambda text: say("doing", text=text), programs=programs)
        say("migrated", set_up=is_set_up())
    except TextfirstError as why:
        say("refused", text=why.message, code=why.code)
        return 1
    except Exception as why:  # a migration may fail in any way; the supervisor must hear of it in one sentence
        log.exception("migration failed")
        say(
            "refused",
            text=f"The tables could not be changed: {str(why).strip().splitlines()[0]}. Nothing was lost: each change is whole or not at all.",
            code="migration_failed",
        )
        return 1
    return 0


def _console(settings: Settings) -> None:
    from textfirst.config.console import serve

    set_up_logs("console")
    os.environ["PGAPPNAME"] = "textfirst console"  # how PostgreSQL's views name our sessions
    serve(settings)


def _jobs() -> None:
    from textfirst.config.worker import work

    set_up_logs("jobs")
    os.environ["PGAPPNAME"] = "textfirst jobs"
    if work(renewable=True):
        sys.exit(AFRESH)


if __name__ == "__main__":
    main()
