"""A channel over SMPP 3.4: connects, binds, and is the engine's line to the carrier."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Hashable, Sequence
from typing import Final, cast

from textfirst.channels.adapters.smpp import codec
from textfirst.channels.adapters.smpp.connection import Connection, Inbox, Ticket, plainly
from textfirst.channels.adapters.smpp.settings import Binding, SmppSettings, Tls
from textfirst.channels.adapters.tls import misfit
from textfirst.channels.contract import Arrival, CannotConnect, Cut, Delays, News, Outbound, Part, Whole
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.status import Status

CONNECT_TIMEOUT: Final = 15.0  # seconds to reach the carrier, TLS included

_COMMANDS: Final = {
    Binding.TRANSCEIVER: (Command.BIND_TRANSCEIVER,),
    Binding.SEPARATE: (Command.BIND_TRANSMITTER, Command.BIND_RECEIVER),
}


class SmppAdapter:
    """One SMPP channel, connected or not."""

    whole: Final = False

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings

    def cut(self, message: Outbound) -> Cut:
        return codec.cut(message, self._settings)

    def join(self, pdus: Sequence[bytes], total: int) -> Whole:
        return codec.join(pdus, total, self._settings)

    def reread(self, pdu: bytes) -> Arrival:
        return codec.reread(pdu, self._settings)

    async def connect(self, ring: Callable[[], None], may_speak: Callable[[], bool]) -> SmppLine:
        """Connect and bind, one connection or two. Raises CannotConnect."""
        inbox = Inbox(ring, may_speak)
        connections: list[Connection] = []
        try:
            for number, command in enumerate(_COMMANDS[self._settings.binding]):
                connections.append(await _open(self._settings, command, inbox, number))
                await connections[-1].bind()
        except BaseException:  # cancelled as well: a half-open session must not stay
            for connection in connections:
                connection.abort("another connection of the channel failed")
            raise
        return SmppLine(self._settings, connections, inbox)


class SmppLine:
    """The open connections of one channel. Writes go to the first, which transmits."""

    def __init__(self, settings: SmppSettings, connections: list[Connection], inbox: Inbox) -> None:
        self._settings = settings
        self._connections = connections
        self._inbox = inbox

    @property
    def room(self) -> int:
        sender = self._connections[0]
        return max(0, self._settings.window - sender.in_flight) if sender.writable else 0

    @property
    def lost(self) -> str | None:
        """One connection of two gone is the line gone: receipts would come to nobody."""
        return next((connection.lost for connection in self._connections if connection.lost is not None), None)

    @property
    def delays(self) -> Delays:
        return self._inbox.delays

    @property
    def proven(self) -> int:
        return sum(connection.proven for connection in self._connections)

    def write(self, parts: Sequence[Part]) -> None:
        self._connections[0].write(parts)

    def take(self) -> News:
        news = News(self._inbox.answers, self._inbox.arrivals)
        self._inbox.answers, self._inbox.arrivals = [], []
        return news

    def acknowledge(self, tickets: Sequence[Hashable]) -> None:
        self._answer(tickets, Status.ROK)

    def refuse(self, tickets: Sequence[Hashable]) -> None:
        """ESME_RX_T_APPN: the carrier keeps it and tries again (§5.1.3)."""
        self._answer(tickets, Status.RX_T_APPN)

    def _answer(self, tickets: Sequence[Hashable], status: Status) -> None:
        mine = cast("Sequence[Ticket]", tickets)
        if len(self._connections) == 1:
            self._connections[0].answer(mine, status)
            return
        for number, connection in enumerate(self._connections):
            connection.answer([ticket for ticket in mine if ticket.connection == number], status)

    async def close(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))

    def abort(self) -> None:
        for connection in self._connections:
            connection.abort("closed by us")


async def _open(settings: SmppSettings, command: Command, inbox: Inbox, number: int) -> Connection:
    where = f"{settings.host}:{settings.port}"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            _, connection = await loop.create_connection(
                lambda: Connection(settings, command, inbox, number), settings.host, settings.port, ssl=_tls(settings),
                server_hostname=settings.host if settings.tls is not Tls.OFF else None,
            )  # fmt: skip
    except TimeoutError:
        raise CannotConnect("no_answer", where=where, seconds=int(CONNECT_TIMEOUT)) from None
    except ssl.SSLError as error:
        raise CannotConnect(_mistrust(error), where=where, why=str(error.reason or error)) from error
    except OSError as error:
        begun = settings.tls is not Tls.OFF and isinstance(error, ConnectionResetError | ConnectionAbortedError)
        raise CannotConnect("tls_ended" if begun else "unreachable", where=where, why=plainly(error)) from error
    return connection


def _mistrust(error: ssl.SSLError) -> str:
    """What is wrong with the other end's TLS, as far as OpenSSL tells."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return misfit(error, otherwise="tls_untrusted")
    return "tls_not_spoken" if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"} else "tls_failed"


def _tls(settings: SmppSettings) -> ssl.SSLContext | None:
    if settings.tls is Tls.OFF:
        return None
    context = ssl.create_default_context()
    if settings.tls is Tls.UNVERIFIED:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
