"""A carrier of twenty lines that knows one password: it shares no code with what it tests."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator

BIND_TRANSCEIVER, ENQUIRE_LINK, UNBIND, RESPONSE = 0x09, 0x15, 0x06, 0x8000_0000
OK, WRONG_PASSWORD = 0x00, 0x0E  # SMPP 3.4 §5.1.3


class Session(socketserver.StreamRequestHandler):
    """Answers binds, signs of life and goodbyes."""

    server: Carrier

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while head := self.rfile.read(16):
                length, command, _, sequence = struct.unpack(">IIII", head)
                body = self.rfile.read(length - 16)
                self.answer(command, sequence, body)

    def answer(self, command: int, sequence: int, body: bytes) -> None:
        status, content = OK, b""
        if command == BIND_TRANSCEIVER:
            password = body.split(b"\0")[1].decode()
            status, content = (OK, b"carrier\0") if password == self.server.password else (WRONG_PASSWORD, b"")
        if command in {BIND_TRANSCEIVER, ENQUIRE_LINK, UNBIND}:
            self.wfile.write(struct.pack(">IIII", 16 + len(content), command | RESPONSE, status, sequence) + content)


class Carrier(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, password: str) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.password = password

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextlib.contextmanager
def carrier(password: str) -> Iterator[Carrier]:
    """A carrier that lets in whoever says `password`."""
    with Carrier(password) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
