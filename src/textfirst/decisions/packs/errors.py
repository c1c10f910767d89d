"""What is wrong with a rule pack."""

from __future__ import annotations

from textfirst.core.errors import TextfirstError
from textfirst.core.words import say


class BrokenPack(TextfirstError):
    """A rule pack that cannot be used; none of the shelf is used then."""

    code = "pack_broken"

    def __init__(self, file: str, place: str, problem: str) -> None:
        super().__init__(
            say(
                "The rule pack {file} is broken at {place}: {problem}. Correct it there; until then no rule pack is loaded.",
                file=file,
                place=place,
                problem=problem,
            )
        )
        self.file, self.place, self.problem = file, place, problem
