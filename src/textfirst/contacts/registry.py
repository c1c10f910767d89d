"""Who follows what happens to contacts: features above this one, which it does not know. They put themselves here when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from textfirst.contacts.types import ReadRow

if TYPE_CHECKING:
    from textfirst.contacts.models import ContactImport


import_followers: list[
    Callable[[ContactImport, Sequence[ReadRow]], None]
] = []  # called with each batch of an import that was written, in its transaction
change_followers: list[
    Callable[[UUID, Sequence[UUID]], None]
] = []  # called with a workspace and contacts of whom something changed that decides whether or when they are reached, in its transaction
