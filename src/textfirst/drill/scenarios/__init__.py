"""The fault programme, found by looking: each module here names its scenarios in `SCENARIOS`."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

from textfirst.drill.scenario import Scenario


def programme() -> list[Scenario]:
    """Every scenario, in the order of their numbers."""
    found = [kind() for module in iter_modules(__path__) for kind in import_module(f"{__name__}.{module.name}").SCENARIOS]
    return sorted(found, key=lambda one: [int(digits) for digits in re.findall(r"\d+", one.name)])
