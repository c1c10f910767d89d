#!/usr/bin/env python3
"""One target under atheris, named by FUZZ_TARGET, with libFuzzer's options. Executable, because merging a corpus runs it again and again."""

from __future__ import annotations

import os
import sys

import atheris

with atheris.instrument_imports(include=["textfirst.protocols", "fuzz"]):
    from fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup(sys.argv, TARGETS[os.environ["FUZZ_TARGET"]])
    atheris.Fuzz()
