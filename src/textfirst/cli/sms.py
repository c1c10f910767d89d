"""`textfirst sms`: what a text costs."""

from __future__ import annotations

import click

from textfirst.cli.output import json_option, tell


@click.group()
def sms() -> None:
    """Count what a text costs, with the same code that sends it."""


@sms.command()
@click.argument("text")
@json_option
def segments(text: str, *, as_json: bool) -> None:
    """How TEXT will be written, in how many parts, and which characters made it dearer.

    \b
    Example:  textfirst sms segments "Your table is ready – come in!"
    """
    from textfirst.protocols.sms import plan

    planned = plan(text)
    facts = {
        "encoding": planned.alphabet.value,
        "parts": planned.parts,
        "units": planned.used,
        "units_left": planned.left,
        "forced": [{"char": each.character, "name": each.name, "position": each.position} for each in planned.foreign],
    }
    parts = "1 part" if planned.parts == 1 else f"{planned.parts} parts"
    lines = [f"{parts} in {planned.alphabet.name}: {planned.used} units used, {planned.left} left in the last"]
    lines += [
        f"  {each.character!r} ({each.name}, character {each.position + 1}) is not in GSM-7 and forced Unicode" for each in planned.foreign
    ]
    tell(facts, "\n".join(lines), as_json=as_json)
