"""Wheel and sdist carry the built pages, so that people who install Textfirst need no Node. An editable install skips this."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the pages unless they are there; the wheel made from an sdist finds them in it."""
        root = Path(self.root)
        if version == "editable" or (root / "src/textfirst/front/app/index.html").is_file():
            return
        subprocess.run([str(root / "tools/install-pages-tools")], cwd=root, check=True)
        subprocess.run([str(root / "tools/with-node"), "npm", "run", "build"], cwd=root, check=True)
