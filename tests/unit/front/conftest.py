import asyncio
import contextlib
import tempfile
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


async def echo(request):
    body = await request.body()
    return JSONResponse(
        {
            "method": request.method,
            "path": request.url.path,
            "query": request.url.query,
            "headers": dict(request.headers),
            "body": body.decode(),
        }
    )


async def cookies(_):
    response = Response("ok")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


async def slow(_):
    async def parts():
        for part in (b"one ", b"two ", b"three"):
            yield part
            await asyncio.sleep(0.05)

    return StreamingResponse(parts())


@pytest.fixture
async def console():
    """A server of another make on a local socket, in the console's place."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "console.sock"
        app = Starlette(
            routes=[
                Route("/cookies", cookies),
                Route("/slow", slow),
                Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )
        server = uvicorn.Server(uvicorn.Config(app, uds=str(socket), log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        server.install_signal_handlers = lambda: None
        server.capture_signals = contextlib.nullcontext
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        yield socket
        server.should_exit = True
        await task


@pytest.fixture
async def client(console):
    from textfirst.front.passthrough import Passthrough

    passthrough = Passthrough(console)
    app = Starlette(routes=[Route("/{path:path}", passthrough.answer, methods=["GET", "POST", "PUT", "DELETE"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://texts.example") as client:
        yield client
    await passthrough.close()
