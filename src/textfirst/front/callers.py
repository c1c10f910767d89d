"""Who is asking, at the front: a Bearer key, found by its hash and remembered for a few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from psycopg.rows import class_row

from textfirst.core.errors import NotAllowed, TextfirstError
from textfirst.core.words import say
from textfirst.database.named_sql import load
from textfirst.front.database import Database, as_owner
from textfirst.front.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Caller:
    key_id: UUID
    workspace_id: UUID
    live: bool
    scopes: list[str]
    country: str
    workspace_version: int

    def needs(self, scope: str) -> None:
        """Raises NotAllowed unless the key may do this."""
        if scope not in self.scopes:
            raise NotAllowed(say("This API key lacks the scope {scope}.", scope=scope), code="scope_missing")


class NotSignedIn(TextfirstError):
    status = 401
    code = "not_signed_in"


class Callers:
    """Keys by hash, remembered for a few seconds; a revoked one is dropped at once, by notification."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Remembered[bytes, Caller | None] = Remembered(self._read)

    def forget(self) -> None:
        """A key was revoked somewhere: ask again for all."""
        self._known.forget()

    async def find(self, authorization: str) -> Caller:
        """The caller of `Bearer tf_…`; raises NotSignedIn for anything that is not a living key."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.startswith("tf_"):
            raise NotSignedIn("Send your API key as `Authorization: Bearer tf_live_…`.")
        caller = await self._known.find(sha256(token.strip().encode()).digest())
        if caller is None:
            raise NotSignedIn("This API key is not known or was revoked. Keys are made under Settings, API keys.")
        return caller

    async def _read(self, hashed: bytes) -> Caller | None:
        sql = load("textfirst.accounts")
        async with self._database.one() as connected, connected.transaction():
            await as_owner(connected)
            cursor = connected.cursor(row_factory=class_row(Caller))
            caller = await (await cursor.execute(sql.find_key, {"secret_hash": hashed})).fetchone()
            if caller is not None:
                await connected.execute(sql.touch_key, {"workspace_id": caller.workspace_id, "key_id": caller.key_id})
            return caller
