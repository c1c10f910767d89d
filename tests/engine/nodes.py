"""Engines in processes of their own, and a wire between two parties that can be cut without either noticing."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from subprocess import Popen

import psycopg
from psycopg.conninfo import conninfo_to_dict

from textfirst.database.keys import make_keys

LEASE = 3.0  # seconds, instead of fifteen
RENEW = 0.5

# The engine as it ships; only its patience with leases is shorter, in proportion.
PROGRAM = f"""
import sys
from textfirst.engine import __main__, leases, store
store.LEASE_SECONDS, store.LEASE_MARGIN = {LEASE}, 0.4
leases.RENEW_EVERY, leases.WAIT_FOR_OTHERS = {RENEW}, 0.4
sys.exit(__main__.main())
"""


class Node:
    """One engine process."""

    def __init__(self, folder: Path, *, url: str, smpp_port: int, name: str) -> None:
        self.home = folder / name
        self.home.mkdir(exist_ok=True)
        make_keys(folder / "secret.keys")
        shutil.copy(folder / "secret.keys", self.home)
        self.log = self.home / "log"
        environment = {
            **os.environ, "TEXTFIRST_HOME": str(self.home), "DATABASE_URL": url, "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{smpp_port}",
        }  # fmt: skip
        with self.log.open("wb") as log:
            self._process = Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=log, stderr=log)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        while self._process.poll() is None:
            await asyncio.sleep(0.02)
        return self._process.returncode

    def kill(self) -> None:
        """Whatever state it is in."""
        self._process.kill()
        self._process.wait()


@contextmanager
def nodes() -> Iterator[list[Node]]:
    """A list of nodes that are killed at the end."""
    running: list[Node] = []
    try:
        yield running
    finally:
        for node in running:
            node.kill()


class Wire:
    """Relays connections until it is cut: then it goes on taking what both sides say, and none of it arrives."""

    def __init__(self) -> None:
        self.port = 0
        self.cut = False
        self._writers: list[asyncio.StreamWriter] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(65536):
                if not self.cut:
                    writer.write(data)
        writer.close()

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def wire_to(host: str, port: int) -> AsyncIterator[Wire]:
    """A wire to a TCP port, or to the PostgreSQL socket in the folder `host`."""
    wire = Wire()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if host.startswith("/"):
            far_reader, far_writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        await asyncio.gather(wire.carry(reader, far_writer), wire.carry(far_reader, writer))

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        wire.close()
        await asyncio.sleep(0.05)


def database_behind(url: str) -> tuple[str, int]:
    """Where the server of this URL listens."""
    with psycopg.connect(url) as connection:
        return connection.info.host or connection.info.hostaddr, connection.info.port


def url_through(url: str, wire: Wire) -> str:
    """The same database, reached by the wire."""
    known = conninfo_to_dict(url)
    password = f":{known['password']}" if known.get("password") else ""
    return f"postgresql://{known['user']}{password}@127.0.0.1:{wire.port}/{known['dbname']}"
