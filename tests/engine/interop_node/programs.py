"""Runs the client and the server built on npm's smpp, and talks with them in JSON lines.

The package is installed once, by its lock, into the user's cache. Without node and npm the tests that ask for it are skipped.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

__all__ = ["Program", "needs_node", "running"]

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "client.js", "server.js", "words.js")
PATIENCE = 10.0  # seconds for a line to come

needs_node = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not installed")


class Program:
    """A running script: `tell` it something, `hear` what it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._heard: list[dict[str, Any]] = []

    def tell(self, order: str, **fields: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": order, **fields}).encode() + b"\n")

    async def hear(self, event: str) -> dict[str, Any]:
        """The next line about `event`; lines about others wait for whoever asks for them."""
        assert self._process.stdout
        for place, line in enumerate(self._heard):
            if line["event"] == event:
                return self._heard.pop(place)
        async with asyncio.timeout(PATIENCE):
            while raw := await self._process.stdout.readline():
                line = json.loads(raw)
                if line["event"] == event:
                    return line
                self._heard.append(line)
        raise EOFError(f"the program ended before it said {event!r}; it said {self._heard}")


@asynccontextmanager
async def running(script: str, *arguments: str) -> AsyncIterator[Program]:
    """`script` (client.js or server.js) until the end of the block."""
    folder = await asyncio.to_thread(_installed)
    process = await asyncio.create_subprocess_exec(
        "node", script, *arguments, cwd=folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _installed() -> Path:
    """The folder with scripts and packages, made when these very files were not yet installed."""
    contents = b"".join((HERE / name).read_bytes() for name in FILES)
    folder = user_cache_path("textfirst") / f"interop-node-{hashlib.sha256(contents).hexdigest()[:16]}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        for name in FILES:
            shutil.copy(HERE / name, made)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made, check=True, capture_output=True, timeout=120)
        ready = Path(made) / "ready"
        ready.mkdir()
        for path in [one for one in Path(made).iterdir() if one != ready]:
            path.rename(ready / path.name)
        _move(ready, folder)
    return folder


def _move(ready: Path, folder: Path) -> None:
    """Into place at once; whoever came first has installed the same."""
    try:
        ready.rename(folder)
    except OSError:
        if not folder.exists():
            raise
