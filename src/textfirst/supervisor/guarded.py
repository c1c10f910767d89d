"""`python -m textfirst.supervisor.guarded PARENT MODULE`: run a module, and stop it when its parent is gone.

For systems whose kernel has no prctl(PR_SET_PDEATHSIG). A thread looks twice a second whose child we are.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

LOOK_EVERY = 0.5  # seconds


def main() -> None:
    parent, module = int(sys.argv[1]), sys.argv[2]
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent watch").start()
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
