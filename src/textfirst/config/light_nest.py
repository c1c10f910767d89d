"""`python -m textfirst.config.light_nest`: import what front, engine and phones have in common once, then fork them from it.

They import no Django, so the nest of console and jobs is none for them. Importing for themselves they take 100 MB together, forked from one about 50.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from textfirst.config.family import Family, told_to_begin
from textfirst.consent.rules.optout import read_ahead
from textfirst.core.logs import set_up_logs
from textfirst.decisions.lawbook import lawbook
from textfirst.engine.__main__ import main as engine
from textfirst.front.__main__ import main as front
from textfirst.phones.__main__ import main as phones


def main() -> None:
    """Wait until the tables are there, fork, watch, stop."""
    set_up_logs("light")
    lawbook()  # reading the rule packs takes a moment, which no message should wait for
    read_ahead()  # nor the words of wishes to leave
    told_to_begin()
    Family({"front": _ending(front), "engine": _ending(engine), "phones": _ending(phones)}).live()


def _ending(run: Callable[[], int | None]) -> Callable[[], None]:
    return lambda: sys.exit(run())


if __name__ == "__main__":
    main()
