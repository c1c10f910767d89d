"""Several statements of one connection in one round trip: one write, one wait, all answers.

The driver's own pipeline writes to the socket, looks for answers and wakes the server once for every statement; with a dozen small statements in
a transaction that is most of what the transaction costs on both sides. Here they leave together. Each statement is prepared once and every
value travels in binary; how values become bytes and back is still the driver's business.

    trips = RoundTrips(connection)
    _, rows = await trips.ask([("begin", None), ("select 1 where %(name)s = any(%(names)b::text[])", {"name": …, "names": […]})])
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.adapt import Buffer, PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from textfirst.database import binary_arrays

Statement = tuple[str, Mapping[str, Any] | None]  # as for a cursor; without parameters it is sent as it stands
Rows = list[tuple[Any, ...]]

_PARAMETER = re.compile(r"%\((\w+)\)([sb])(?=(?:::(\w+)\[\])?)|%%")
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)


class RoundTrips:
    """The statements prepared on one connection. Use nothing else of the connection while a trip is under way.

    `answers` is how rows come back. The driver reads ids and small numbers faster from text, and long rows of bytes from binary.
    """

    def __init__(self, connected: AsyncConnection[Any], *, answers: Format = Format.BINARY) -> None:
        self._format = answers
        self._connected = connected
        connected.prepare_threshold = None  # a driver that has prepared something forgets it, and all of ours, after each rollback
        self._pgconn = connected.pgconn
        self._values = Transformer(connected)
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._named = count()

    async def ask(self, statements: Sequence[Statement]) -> list[Rows]:
        """The rows of each. Raises the first error; what follows it was not done, and a transaction is left for the caller to end."""
        fresh: list[tuple[bytes, tuple[int, ...]]] = []
        self._pgconn.enter_pipeline_mode()
        try:
            awaited = [self._send(sql, params, fresh) for sql, params in statements]
            self._pgconn.pipeline_sync()
            results = await self._answers()
            self._pgconn.exit_pipeline_mode()
        except BaseException:  # nobody knows what is still on its way: this connection is of no more use
            self._pgconn.finish()
            raise
        failed = next((result for result in results if result.status in _FAILED), None)
        if failed is not None:
            error = error_from_result(failed)
            if isinstance(error, InvalidSqlStatementName):
                self._prepared.clear()  # somebody let the server forget them; the next trip prepares anew
            for key in fresh:
                self._prepared.pop(key, None)  # it may not have come to that
            raise error
        return self._rows(results, awaited)

    def _send(self, sql: str, params: Mapping[str, Any] | None, fresh: list[tuple[bytes, tuple[int, ...]]]) -> int:
        """Queue one statement; says how many answers it will have."""
        query, names, formats, kinds = _compiled(sql)
        values, types, wire = self._dumped([params[name] for name in names] if params else [], formats, kinds)
        key = (query, types)
        name = self._prepared.get(key)
        if name is not None:
            self._pgconn.send_query_prepared(name, values, wire, self._format)
            return 1
        name = self._prepared[key] = b"trip_%d" % next(self._named)
        fresh.append(key)
        self._pgconn.send_prepare(name, query, key[1])
        self._pgconn.send_query_prepared(name, values, wire, self._format)
        return 2

    def _dumped(
        self, given: list[Any], formats: Sequence[PyFormat], kinds: Sequence[str]
    ) -> tuple[list[Buffer | None], tuple[int, ...], list[Format]]:
        """Values as bytes, the type of each, and how it travels."""
        packed = [
            pack(value, kind) if form is PyFormat.BINARY and isinstance(value, list) else None
            for value, form, kind in zip(given, formats, kinds, strict=True)
        ]
        rest = [place for place, found in enumerate(packed) if found is None]
        dumped = self._values.dump_sequence([given[place] for place in rest], [formats[place] for place in rest])
        values: list[Buffer | None] = [found[0] if found else None for found in packed]
        types = [found[1] if found else 0 for found in packed]
        wire = [Format.BINARY] * len(given)
        for place, value, kind, form in zip(rest, dumped, self._values.types or (), self._values.formats or (), strict=True):
            values[place], types[place], wire[place] = value, kind, form
        return values, tuple(types), wire

    async def _answers(self) -> list[PGresult]:
        """Every result up to the end of the trip."""
        pgconn = self._pgconn
        results: list[PGresult] = []
        unsent = bool(pgconn.flush())
        while True:
            if pgconn.is_busy():
                await _until_ready(pgconn.socket, writing=unsent)
                unsent = unsent and bool(pgconn.flush())
                pgconn.consume_input()
            elif (result := pgconn.get_result()) is not None:
                if result.status == ExecStatus.PIPELINE_SYNC:
                    return results
                results.append(result)

    def _rows(self, results: list[PGresult], awaited: Sequence[int]) -> list[Rows]:
        found, place = [], -1
        for number in awaited:
            place += number
            result = results[place]
            if result.ntuples:
                self._values.set_pgresult(result)
                found.append(self._values.load_rows(0, result.ntuples, tuple))
            else:
                found.append([])
        return found


def pack(values: list[Any], kind: str) -> tuple[bytes, int] | None:
    """An array of `kind` as PostgreSQL reads it, and its type; None for what the driver shall see to.

    The driver looks at each element's type and asks its dumper: three times as long, and arrays are nearly all that a batch sends. It is sent as the
    very type that the statement names: made of another, an array is made anew wherever the statement reads it, for each row.
    """
    if kind not in _PACKERS:
        return None
    element, packer, oid = _PACKERS[kind]
    first = next((value for value in values if value is not None), None)
    return (packer(values), oid) if first is None or isinstance(first, element) else None


_Packer = tuple[type, Callable[[Any], bytes], int]
_PACKERS: Final[Mapping[str, _Packer]] = {
    "bigint": (int, binary_arrays.bigs, binary_arrays.INT8S),
    "bytea": (bytes, binary_arrays.blobs, binary_arrays.BYTEAS),
    "smallint": (int, binary_arrays.smalls, binary_arrays.INT2S),
    "text": (str, binary_arrays.texts, binary_arrays.TEXTS),
    "timestamptz": (datetime, binary_arrays.moments, binary_arrays.MOMENTS),
    "uuid": (UUID, binary_arrays.uuids, binary_arrays.UUIDS),
}


async def _until_ready(socket: int, *, writing: bool) -> None:
    """Until the server has said something, or (`writing`) takes more."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def ring() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(socket, ring)
    if writing:
        loop.add_writer(socket, ring)
    try:
        await ready
    finally:
        loop.remove_reader(socket)
        if writing:
            loop.remove_writer(socket)


@lru_cache(maxsize=1000)
def _compiled(sql: str) -> tuple[bytes, list[str], list[PyFormat], list[str]]:
    """The statement as PostgreSQL numbers its parameters, their names, how each travels, and of what it is an array, where that is said."""
    names: list[str] = []
    formats: list[PyFormat] = []
    kinds: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] not in names:
            names.append(found[1])
            formats.append(PyFormat.BINARY if found[2] == "b" else PyFormat.AUTO)
            kinds.append(found[3] or "")
        return f"${names.index(found[1]) + 1}"

    return _PARAMETER.sub(number, sql).encode(), names, formats, kinds
