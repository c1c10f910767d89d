"""The address at which a provider calls us: `/hooks/{channel_id}/{token}`."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from uuid import UUID

LONGEST_BODY = 256 * 1024  # bytes
KEPT = ("content-type", "content-encoding", "user-agent")  # headers that say something of the body, beside those beginning with `x-`
NOT_KEPT = ("x-forwarded-", "x-real-ip", "x-api-key", "x-auth")  # of the way here, or credentials
LONGEST_HEADER = 1024  # characters


def hook_token(key: bytes, channel_id: UUID) -> str:
    """What makes a channel's address one that nobody guesses; `key` is `derived_key(keys_file, "hook")`."""
    return urlsafe_b64encode(hmac.digest(key, channel_id.bytes, "sha256")[:24]).decode()


def hook_path(key: bytes, channel_id: UUID) -> str:
    return f"/hooks/{channel_id}/{hook_token(key, channel_id)}"


def read_hook_path(path: str, key: bytes) -> UUID | None:
    """The channel an address is of; None when the token is not its token."""
    parts = path.split("/")
    if len(parts) != len(("", "hooks", "channel", "token")):
        return None
    try:
        channel_id = UUID(parts[2])
    except ValueError:
        return None
    return channel_id if hmac.compare_digest(parts[3].encode(), hook_token(key, channel_id).encode()) else None


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping beside a body; names in small letters."""
    return {
        name: value[:LONGEST_HEADER].replace("\0", "")
        for name, value in headers.items()
        if name in KEPT or (name.startswith("x-") and not name.startswith(NOT_KEPT))
    }
