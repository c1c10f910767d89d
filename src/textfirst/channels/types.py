"""What a kind of channel declares about itself: the form people fill in, its defaults and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | bool | None


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    SWITCH = "switch"
    SECRET = "secret"  # noqa: S105 - kept encrypted, never read back


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the form. `label` and `help` are English sentences, shown in the reader's language."""

    name: str
    type: FieldType
    label: str
    help: str = ""
    default: Value = None
    required: bool = False
    advanced: bool = False  # folded away: most carriers do not need it
    least: int | None = None  # of a number; of a text, its length
    most: int | None = None  # likewise
    choices: Sequence[Choice] = ()
    leads_elsewhere: bool = False  # says where secrets are sent: a change asks for them again
    problem_with: Callable[[str], str] | None = None  # of a text: what is wrong with it, as a sentence; empty when nothing is


@dataclass(frozen=True, slots=True)
class Declaration:
    """A kind of channel, for the form and for checking what comes back."""

    kind: str
    label: str
    help: str
    fields: Sequence[FieldSpec]
    rate: int = 0  # segments a second to begin with, 0 for as fast as the window allows
    window: int = 10  # unanswered submits at once to begin with

    @property
    def settings(self) -> Sequence[FieldSpec]:
        return [spec for spec in self.fields if spec.type is not FieldType.SECRET]

    @property
    def secrets(self) -> Sequence[FieldSpec]:
        return [spec for spec in self.fields if spec.type is FieldType.SECRET]
