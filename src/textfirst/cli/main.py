"""`textfirst`: the commands for operators and scripts.

Each command lives in a module that is imported only when it is called, so that `textfirst --help` answers at once.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

# name → (module, attribute, what it does in one line)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "up": ("run", "up", "Start everything on this machine."),
    "web": ("run", "web", "Start the front and the console only."),
    "engine": ("run", "engine", "Start only the engine, which talks to carriers."),
    "jobs": ("run", "jobs", "Start only the background jobs."),
    "phones": ("run", "phones", "Start only the carrier simulator."),
    "dev": ("run", "dev", "Start everything, again at every change of the code."),
    "migrate": ("run", "migrate", "Bring the database up to this version."),
    "status": ("status", "status", "What runs, and how much there is."),
    "doctor": ("doctor", "doctor", "Check this machine and say what to mend."),
    "backup": ("keeping", "backup", "Write the whole installation to one file."),
    "restore": ("keeping", "restore", "Bring an installation back from its file."),
    "keys": ("keeping", "keys", "The secret keys: where they are, and changing them."),
    "service": ("service", "service", "Start Textfirst with the machine (systemd)."),
    "sms": ("sms", "sms", "Count what a text costs."),
    "workspace": ("accounts", "workspace", "Make workspaces."),
    "user": ("accounts", "user", "Make people who can log in."),
    "key": ("accounts", "key", "Make API keys."),
    "channel": ("texting", "channel", "Connect carriers."),
    "contacts": ("texting", "contacts", "Import people."),
    "consent": ("consent", "consent", "The ledger of consent: verify it, carry stops over."),
    "intake": ("intake", "intake", "What came in and could not be stored."),
    "optout": ("optout", "optout", "How messages that want out are understood."),
    "campaign": ("campaigns", "campaign", "Text a whole list."),
    "drill": ("drill", "drill", "Break a throw-away installation on purpose, and judge what held."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, and described without being imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature, here and below
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(import_module(f"textfirst.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, _, help_) in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog="Every command has --help with an example, and --json for scripts.")
@click.version_option(package_name="textfirst", message="Textfirst %(version)s")
def cli() -> None:
    """Textfirst: text your customers first, call when it matters.

    \b
    Start it:            textfirst up
    Is all well?         textfirst doctor
    Save everything:     textfirst backup /safe/place/textfirst.tar

    Settings come from the environment: TEXTFIRST_HOME (where data lives), TEXTFIRST_BIND (host:port to listen on), TEXTFIRST_URL
    (how people reach it), DATABASE_URL (another PostgreSQL than the one that comes with it).
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. A person never sees a traceback: one sentence, and an exit code that means something."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(given, prog_name="textfirst", standalone_mode=False)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.ClickException as why:
        why.show()
        code = why.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130  # 128 + SIGINT
    except BrokenPipeError:  # the reader of our output has gone, as in `textfirst status | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as why:  # noqa: BLE001 - the last place where anything can be turned into a sentence
        code = _failed(why, as_json="--json" in given)
    sys.exit(code if isinstance(code, int) else 0)


def _failed(why: Exception, *, as_json: bool) -> int:
    from textfirst.supervisor.trouble import Exit, exit_code, sentence

    code = exit_code(why)
    text = sentence(why)
    if code is Exit.UNEXPECTED:
        text += f" {_keep_traceback()}"
    if as_json:
        click.echo(json.dumps({"error": {"code": getattr(why, "code", code.name.lower()), "message": text}}))
    click.echo(text, err=True)
    return int(code)


def _keep_traceback() -> str:
    """Write the traceback where a developer finds it; returns the sentence that says where."""
    import tempfile
    import traceback

    from textfirst.core.logs import mask_numbers

    descriptor, path = tempfile.mkstemp(prefix="textfirst-error-", suffix=".txt")
    with os.fdopen(descriptor, "w") as file:
        file.write(mask_numbers(traceback.format_exc()))
    logging.getLogger(__name__).debug("kept a traceback in %s", path)
    return f"Please report it with the file {path}."


if __name__ == "__main__":
    main()
