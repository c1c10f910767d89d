"""What a process is told by its environment, read once and passed on.

Every process of Textfirst reads the same few variables. Reading is pure: the mapping and the platform's default home are
handed in, so a test can hand in its own. Nothing here touches the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from textfirst.core.errors import SettingError

DEFAULT_BIND = "127.0.0.1:8000"
DEFAULT_SMPP_BIND = "127.0.0.1:2775"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's sun_path holds 108, and PostgreSQL adds a name of its own
LONGEST_SOCKET_NAME = len("/pg/.s.PGSQL.5432.lock")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how to reach them.

    `database_url` is empty when the embedded server is to be used; the supervisor then fills it in for its children.
    """

    home: Path
    database_url: str
    url: str  # how people reach us, no slash at the end
    bind: str  # host:port the front listens on
    smpp_bind: str  # host:port where the simulator's carrier listens
    development: bool
    private_providers: bool = False  # HTTP providers may be on our own network, or on this machine

    @property
    def run(self) -> Path:
        """Sockets and locks; a short path elsewhere when home is too long for a socket's name."""
        inside = self.home / "run"
        if len(str(inside)) + LONGEST_SOCKET_NAME <= SOCKET_PATH_LIMIT:
            return inside
        return Path("/tmp") / f"textfirst-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"  # noqa: S108 - made 0700 by its maker

    @property
    def console_socket(self) -> Path:
        return self.run / "console.sock"

    @property
    def phones_socket(self) -> Path:
        return self.run / "phones.sock"

    @property
    def lock_file(self) -> Path:
        return self.run / "textfirst.lock"

    @property
    def keys_file(self) -> Path:
        return self.home / "secret.keys"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"

    @property
    def frames(self) -> Path:
        return self.home / "phones"

    @property
    def secure(self) -> bool:
        return self.url.startswith("https://")


def read(environ: Mapping[str, str], *, default_home: Path) -> Settings:
    """Settings from environment variables; raises SettingError naming the variable that is wrong."""
    bind = _host_port(environ, "TEXTFIRST_BIND", DEFAULT_BIND)
    return Settings(
        home=Path(environ.get("TEXTFIRST_HOME") or default_home).expanduser().absolute(),
        database_url=_database_url(environ.get("DATABASE_URL", "")),
        url=_public_url(environ.get("TEXTFIRST_URL") or f"http://{_reachable(bind)}"),
        bind=bind,
        smpp_bind=_host_port(environ, "TEXTFIRST_SMPP_BIND", DEFAULT_SMPP_BIND),
        development=environ.get("TEXTFIRST_DEV", "") == "1",
        private_providers=environ.get("TEXTFIRST_PRIVATE_PROVIDERS", "") == "1",
    )


def _host_port(environ: Mapping[str, str], name: str, default: str) -> str:
    value = environ.get(name) or default
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise SettingError(f"{name} is {value!r}; write it as host:port, for example {default}.")
    return value


def _reachable(bind: str) -> str:
    host, _, port = bind.rpartition(":")
    return f"localhost:{port}" if host in {"0.0.0.0", "127.0.0.1", "[::]", "[::1]"} else bind  # noqa: S104 - compared, not bound


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise SettingError(f"TEXTFIRST_URL is {value!r}; write it as https://texts.example.com, without a path.")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if value and urlsplit(value).scheme not in {"postgresql", "postgres"}:
        raise SettingError("DATABASE_URL must start with postgresql://; Textfirst keeps everything in PostgreSQL 15 or newer.")
    return value
