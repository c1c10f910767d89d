"""Who follows what happens to contacts: features above this one, which it does not know. They put themselves here when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textfirst.contacts.models import ContactImport
from textfirst.contacts.types import ReadRow

Follower = Callable[[ContactImport, Sequence[ReadRow]], None]

import_followers: list[Follower] = []  # called with each batch of an import that was written, in its transaction
