"""`textfirst service`: start with the machine, by systemd."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from textfirst.cli.output import json_option, settings, tell
from textfirst.supervisor.trouble import Exit, Trouble

UNIT = "textfirst.service"
PASSED_ON = ("TEXTFIRST_HOME", "TEXTFIRST_BIND", "TEXTFIRST_URL", "TEXTFIRST_SMPP_BIND", "TEXTFIRST_TRUSTED_PROXIES", "DATABASE_URL")

TEMPLATE = """\
# Written by `textfirst service install`; `textfirst service uninstall` removes it.
[Unit]
Description=Textfirst
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart={program} up
{user}{environment}KillMode=mixed
TimeoutStopSec=15
Restart=on-failure
RestartSec=5
# What starting again cannot mend: settings, another instance, folders, ports, versions (docs/reference/exit-codes.md).
RestartPreventExitStatus=2 3 4 6 7 9
NoNewPrivileges=yes
ProtectSystem=full
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes

[Install]
WantedBy={target}
"""


@click.group()
def service() -> None:
    """Start Textfirst with the machine (systemd)."""


@service.command()
@click.option("--user", "account", help="Run as this user (only as root).")
@click.option("--print", "only_print", is_flag=True, help="Print the unit and change nothing.")
@json_option
def install(account: str | None, *, only_print: bool, as_json: bool) -> None:
    """Write a systemd unit with the settings of this shell, and start it now and at every boot.

    As root a system service, as an ordinary user a service of that user.

    \b
    Example:  TEXTFIRST_URL=https://texts.example.com textfirst service install
    """
    text = _unit(account)
    if only_print:
        tell({"unit": text, "path": str(_path())}, text, as_json=as_json)
        return
    _need_systemd()
    _path().parent.mkdir(parents=True, exist_ok=True)
    _path().write_text(text)
    _path().chmod(0o600)  # DATABASE_URL may hold a password
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", UNIT)
    hint = "" if os.geteuid() == 0 else "\nTo run it while you are logged out: loginctl enable-linger"
    tell({"path": str(_path()), "unit": text}, f"Wrote {_path()} and started it:\n\n{text}\nSee it with: {_see()}{hint}", as_json=as_json)


@service.command()
@json_option
def uninstall(*, as_json: bool) -> None:
    """Stop the service and remove its unit. The data stays where it is.

    \b
    Example:  textfirst service uninstall
    """
    _need_systemd()
    if not _path().exists():
        raise Trouble(f"There is no {_path()}: the service is not installed.", Exit.FAILED)
    _systemctl("disable", "--now", UNIT)
    _path().unlink()
    _systemctl("daemon-reload")
    tell({"removed": str(_path())}, f"Stopped the service and removed {_path()}. The data in {settings().home} stays.", as_json=as_json)


def _unit(account: str | None) -> str:
    if account and os.geteuid() != 0:
        raise Trouble("Only root can install a service that runs as another user.", Exit.USAGE)
    kept = {**{name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}, "TEXTFIRST_HOME": str(settings().home)}
    environment = "".join(f'Environment="{name}={_escaped(value)}"\n' for name, value in kept.items())
    target = "multi-user.target" if os.geteuid() == 0 else "default.target"
    return TEMPLATE.format(program=_program(), user=f"User={account}\n" if account else "", environment=environment, target=target)


def _program() -> str:
    """The command as systemd must call it: by its whole path, outside any activated shell."""
    beside = Path(sys.executable).with_name("textfirst")
    found = str(beside) if beside.exists() else shutil.which("textfirst")
    return found or f"{sys.executable} -m textfirst.cli.main"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _path() -> Path:
    if os.geteuid() == 0:
        return Path("/etc/systemd/system") / UNIT
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user" / UNIT


def _see() -> str:
    return f"systemctl {'' if os.geteuid() == 0 else '--user '}status {UNIT.removesuffix('.service')}"


def _need_systemd() -> None:
    if not Path("/run/systemd/system").is_dir():
        raise Trouble(
            "This machine does not run systemd. Print the unit with `textfirst service install --print` and adapt it, "
            "or let your own init system run `textfirst up`.",
            Exit.FAILED,
        )


def _systemctl(*arguments: str) -> None:
    command = ["systemctl", *([] if os.geteuid() == 0 else ["--user"]), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Trouble(f"systemd refused `{' '.join(command)}`: {ran.stderr.strip()}", Exit.FAILED)
