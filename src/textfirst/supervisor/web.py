"""`textfirst web`: front and console on this machine, watched like a whole installation; the rest is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from textfirst.core.settings import Settings
from textfirst.supervisor import home, ports
from textfirst.supervisor.journal import screen
from textfirst.supervisor.up import Show, Up


def web(settings: Settings, *, show: Show = screen) -> None:
    """Run front and console on this machine; the database and the other processes are elsewhere."""
    home.prepare(settings, None)
    Web(settings, show).live()


class Web(Up):
    """Front and console alone. The tables are somebody else's care (`textfirst migrate`), and so is the home's state."""

    modules: Mapping[str, str] = {"console": "textfirst.config.console", "front": "textfirst.front"}
    own_processes = ()

    def _start(self) -> None:
        ports.check_public(self.settings.bind)
        self.migrated = self.set_up = True
        self._start_children(self.settings.database_url)

    def _write_state(self) -> None:
        """None: `textfirst status` is about whole installations."""

    def _forget_state(self) -> None:
        """None was written."""
