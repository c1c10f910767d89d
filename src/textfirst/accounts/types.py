"""Who may do what: roles of people, scopes of keys, and the caller of a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do in a workspace; each role may do all that those before it may."""

    VIEWER = "viewer"  # reads
    AGENT = "agent"  # talks: conversations, messages, contacts
    ADMIN = "admin"  # campaigns, imports, channels, settings, keys, team
    OWNER = "owner"  # also makes and unmakes owners

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def covers(self, other: Role) -> bool:
        return self.rank >= other.rank


class Scope(StrEnum):
    """What a key may do; a key has no role."""

    MESSAGES_SEND = "messages:send"
    MESSAGES_READ = "messages:read"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"


class KeyKind(StrEnum):
    LIVE = "live"
    TEST = "test"  # its messages go through the simulator only


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person with a role, or a key with scopes; always in one workspace."""

    workspace_id: UUID
    language: str = "en"
    user_id: UUID | None = None
    role: Role | None = None
    key_id: UUID | None = None
    scopes: frozenset[Scope] = frozenset()
    test: bool = False  # a test key: nothing it does leaves the machine
    session_key: str = ""

    @property
    def actor_id(self) -> UUID | None:
        """The person, for records of who did it; a key is not a person."""
        return self.user_id
