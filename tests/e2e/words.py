"""The pages' own words, by language: a journey names a button as its reader does, and a changed sentence changes no journey."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parents[2] / "web" / "src" / "locales"


class Words:
    """`Words("ar", "consent")["forms.create"]`; what stands in double braces is filled in, or fits anything in `pattern`."""

    def __init__(self, language: str, feature: str) -> None:
        self.tree: dict[str, Any] = json.loads((LOCALES / language / f"{feature}.json").read_text())

    def __getitem__(self, key: str) -> str:
        found: Any = self.tree
        for part in key.split("."):
            found = found[part]
        return str(found)

    def filled(self, key: str, **values: str) -> str:
        return re.sub(r"{{(\w+)}}", lambda hole: values[hole[1]], self[key])

    def pattern(self, key: str) -> re.Pattern[str]:
        """The sentence with anything in its holes."""
        return re.compile(".+".join(re.escape(piece) for piece in re.split(r"{{\w+}}", self[key])))
