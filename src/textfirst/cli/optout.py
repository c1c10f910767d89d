"""`textfirst optout`: how messages that want out are understood."""

from __future__ import annotations

import json
import sys

import click

from textfirst.cli.output import json_option


@click.group()
def optout() -> None:
    """How messages that want out are understood."""


@optout.command()
@click.argument("text", required=False)
@json_option
def explain(text: str | None, *, as_json: bool) -> None:  # noqa: ARG001 - it speaks nothing else; scripts may ask all the same
    """Say how TEXT is understood, as one line of JSON; with `-` or nothing, each line of the standard input.

    \b
    class     stop      the person is taken off at once
              hold      in doubt: marketing is held, and a person is asked
              ordinary  anything else
    score     0 to 1; stop from 0.7, hold from 0.4
    scope     all, or marketing when offers are all that is spoken of
    evidence  what was recognised, the strongest first: language, rule, the words as they were read

    \b
    Example:  textfirst optout explain "please take me off your list"
              textfirst optout explain - < messages.txt
    """
    lines = sys.stdin if text in {None, "-"} else [text or ""]
    for line in lines:
        click.echo(_explained(line.rstrip("\r\n")))


def _explained(text: str) -> str:
    from textfirst.consent.rules.optout import read_optout

    verdict = read_optout(text)
    evidence = [{"language": each.language, "rule": each.rule, "words": each.words, "score": each.score} for each in verdict.evidence]
    facts = {"class": verdict.wish.value, "score": verdict.score, "scope": verdict.scope.value, "evidence": evidence}
    return json.dumps(facts, ensure_ascii=False)
