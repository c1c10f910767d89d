"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

import asyncio
import hmac
import os
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from textfirst.core.errors import Unavailable
from textfirst.core.settings import Settings
from textfirst.front.database import Database, as_owner
from textfirst.front.errors import problem

PATIENCE = 2.0  # seconds for each part to answer

OUTBOX = "select lane, count(*) from outbox group by lane"
BINDS = "select state, count(*) from channel_health group by state"


class Health:
    """Answers /healthz, /readyz and /metrics."""

    def __init__(self, settings: Settings, database: Database, registry: CollectorRegistry) -> None:
        self._settings = settings
        self._database = database
        self._registry = registry
        self._outbox = Gauge("textfirst_outbox_messages", "Messages waiting to be sent", ["lane"], registry=registry)
        self._channels = Gauge("textfirst_channels", "Channels by state of their bind", ["state"], registry=registry)

    async def healthz(self, _: Request) -> Response:
        """200 while this process runs; asks nothing of others, so that a database outage does not get it restarted."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _: Request) -> Response:
        """200 when the database answers and the console takes connections; else 503 and which part is missing."""
        database, console = await asyncio.gather(self._database_answers(), self._console())
        body = orjson.dumps({"ready": database and console, "parts": {"database": database, "console": console}})
        return Response(body, status_code=200 if database and console else 503, media_type="application/json")

    async def metrics(self, request: Request) -> Response:
        """Prometheus text. From this machine freely; from elsewhere with the token in TEXTFIRST_METRICS_TOKEN."""
        if not _may_read(request):
            return problem(
                403, "not_allowed", "Metrics are read from this machine, or with `Authorization: Bearer <TEXTFIRST_METRICS_TOKEN>`."
            )
        try:
            await self._count()
        except Unavailable:
            self._outbox.clear()
        text = generate_latest(self._registry) + _written_by_others(self._settings.run)
        return Response(text, media_type="text/plain; version=0.0.4")

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE), self._database.one() as connected:
                await connected.execute("select 1 from workspace limit 1")
        except (Unavailable, TimeoutError):
            return False
        return True

    async def _console(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_unix_connection(str(self._settings.console_socket))
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    async def _count(self) -> None:
        async with self._database.one() as connected, connected.transaction():
            await as_owner(connected)  # the operator's figures are of the whole installation
            for gauge, query in ((self._outbox, OUTBOX), (self._channels, BINDS)):
                gauge.clear()
                async for label, count in await connected.execute(query):
                    gauge.labels(str(label)).set(count)


def _may_read(request: Request) -> bool:
    token = os.environ.get("TEXTFIRST_METRICS_TOKEN", "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return request.client is not None and request.client.host in {"127.0.0.1", "::1"}


def _written_by_others(run: Path) -> bytes:
    """Figures that other processes leave beside their sockets (engine.prom, …)."""
    return b"".join(file.read_bytes() for file in sorted(run.glob("*.prom")))
