"""The installation's secret keys: made once, kept in one file of mode 0600, rotated by adding a line on top.

Each line is a Fernet key. The first encrypts; all decrypt. Other secrets (Django's, the HMAC of suppressed addresses, the ticket's) are
derived from the LAST line, the oldest, by HKDF (RFC 5869) with a label, so that a rotation changes none of them.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from textfirst.core.errors import SettingError


def make_keys(path: Path) -> bool:
    """Write a first key unless there is one; says whether it was made. The file is never open to others, not for an instant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


@cache
def read_keys(path: Path) -> tuple[bytes, ...]:
    """The keys, newest first. Raises SettingError when there are none: nothing stored could be read without them."""
    try:
        lines = tuple(line.strip() for line in path.read_bytes().splitlines() if line.strip())
    except FileNotFoundError:
        raise SettingError(
            f"There is no key file at {path}. `textfirst up` makes one; to move an installation, restore its backup."
        ) from None
    if not lines:
        raise SettingError(f"The key file {path} is empty. Put the keys from your backup there.")
    return lines


def box(path: Path) -> MultiFernet:
    """Encrypts what must be readable again (channel passwords)."""
    return MultiFernet([Fernet(line) for line in read_keys(path)])


@cache
def derived_key(path: Path, label: str) -> bytes:
    """32 bytes for one use, the same for ever."""
    return HKDF(algorithm=SHA256(), length=32, salt=b"textfirst", info=label.encode()).derive(read_keys(path)[-1])


def derived_secret(path: Path, label: str) -> str:
    """`derived_key` as text."""
    return urlsafe_b64encode(derived_key(path, label)).decode()
