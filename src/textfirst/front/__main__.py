"""`python -m textfirst.front`: serve the public port until told to stop."""

from __future__ import annotations

import gc
import os
from types import FrameType

import uvicorn

from textfirst.core import spare_memory
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import read
from textfirst.database.place import default_home
from textfirst.front.app import Front

GRACE = 1  # seconds for requests to end after a stop signal; streams are ended at once
TRUSTED_PROXIES = os.environ.get("TEXTFIRST_TRUSTED_PROXIES", "127.0.0.1,::1")


class Server(uvicorn.Server):
    """uvicorn waits for open streams at a stop; ours are ended by the first signal, and pages reconnect."""

    front: Front

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.front.hub.end_all()
        super().handle_exit(sig, frame)


def main() -> None:
    set_up_logs("front")
    settings = read(os.environ, default_home=default_home())
    front = Front(settings)
    host, _, port = settings.bind.rpartition(":")
    config = uvicorn.Config(
        front.app(), host=host.strip("[]"), port=int(port), loop="uvloop", http="httptools", ws="none", lifespan="on", log_config=None,
        access_log=False, server_header=False, date_header=True, timeout_graceful_shutdown=GRACE, timeout_keep_alive=65, backlog=2048,
        proxy_headers=True, forwarded_allow_ips=TRUSTED_PROXIES,
    )  # fmt: skip
    server = Server(config)
    server.front = front
    spare_memory.watch()
    gc.set_threshold(*spare_memory.SELDOM)
    server.run()


if __name__ == "__main__":
    main()
