"""What a command prints: lines for people, one JSON document for scripts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from textfirst.core.settings import Settings, read
from textfirst.database.place import default_home

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """The option every command has."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(function)


def tell(facts: Any, lines: str, *, as_json: bool) -> None:
    """Print `facts` as JSON, or `lines` for a person."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else lines)


def settings() -> Settings:
    """What the environment says; raises SettingError naming the variable that is wrong."""
    return read(os.environ, default_home=default_home())
