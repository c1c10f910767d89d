"""One HTTP/1.1 connection, one request at a time.

Why a client of our own: it must be certain whether a byte of a request was written (D6), ask for the lease at that very moment, and write
to a kept connection without waiting. httptools reads the answers.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from textfirst.channels.adapters.http_carrier.guard import addresses
from textfirst.channels.adapters.http_carrier.settings import HttpSettings
from textfirst.channels.adapters.tls import misfit
from textfirst.channels.contract import CannotConnect

CONNECT_TIMEOUT: Final = 10.0  # seconds to look up the name and connect, TLS included
LONGEST_BODY: Final = 64 * 1024  # bytes of an answer that we read
LONGEST_ANSWER: Final = 128 * 1024  # bytes of an answer in all; beyond, the connection ends
FIRST_FINAL: Final = 200  # below are statuses after which the real one comes


class Said(NamedTuple):
    """A provider's answer."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """`answered` is called once for each request: with what was said, or None when the connection ended before anything was."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._answered: Callable[[Said | None], None] | None = None
        self._status = 0
        self._body = bytearray()
        self._size = 0
        self.usable = True  # for another request
        self.idle_since = 0.0

    def request(self, data: bytes, answered: Callable[[Said | None], None]) -> None:
        """Write a request at once."""
        assert self._transport is not None
        self._answered, self._status, self._size = answered, 0, 0
        self._body.clear()
        self._transport.write(data)

    def abort(self) -> None:
        """End now; a request under way is answered with what is known."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()
        self._finish()

    # ── from asyncio ────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._size += len(data)
        try:
            if self._answered is None or self._size > LONGEST_ANSWER:
                self.abort()  # nobody asked for this
            else:
                self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's shape
        self.usable = False
        self._finish()

    # ── from httptools ──────────────────────────────────────────────────────────────────────────────────

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        if len(self._body) < LONGEST_BODY:
            self._body += body

    def on_message_complete(self) -> None:
        if self._status >= FIRST_FINAL:
            self.usable = self.usable and self._parser.should_keep_alive()
            self._finish()

    def _finish(self) -> None:
        """The request has its answer: a status that came is one, even when the rest of the answer never does."""
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(Said(self._status, bytes(self._body)) if self._status >= FIRST_FINAL else None)


async def open_connection(settings: HttpSettings) -> Connection:
    """A connection to the provider. Raises CannotConnect."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await _to_one_of(await addresses(settings), settings)
    except TimeoutError:
        raise CannotConnect("no_answer", where=settings.where, seconds=int(CONNECT_TIMEOUT)) from None
    except ssl.SSLCertVerificationError as error:
        raise CannotConnect(misfit(error, otherwise="tls_untrusted_here"), where=settings.where, why=error.verify_message) from error
    except ssl.SSLError as error:
        raise CannotConnect("tls_failed_here", where=settings.where, why=str(error.reason or error)) from error
    except OSError as error:
        raise CannotConnect("unreachable", where=settings.where, why=(error.strerror or str(error)).lower()) from error


async def _to_one_of(numbers: list[str], settings: HttpSettings) -> Connection:
    """The first address that lets us in."""
    loop = asyncio.get_running_loop()
    context = _context() if settings.tls else None
    failed: OSError = OSError("it has no address")
    for number in numbers:
        try:
            _, connection = await loop.create_connection(
                Connection, number, settings.port, ssl=context, server_hostname=settings.host if settings.tls else None
            )
        except OSError as error:  # ssl.SSLError is one
            failed = error
        else:
            return connection
    raise failed


@cache
def _context() -> ssl.SSLContext:
    """Made once: reading the authorities of a machine takes longer than a request."""
    return ssl.create_default_context()
