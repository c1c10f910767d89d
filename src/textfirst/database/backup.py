"""A whole installation in one file, and back.

The file is a tar of a manifest, pg_dump's archive, the uploaded files and, unless told otherwise, the secret keys: without
them the channel passwords in the database cannot be read. Whoever holds a file with keys holds everything, so it is made 0600.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

import textfirst
from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.settings import Settings
from textfirst.database.server import dump
from textfirst.database.server.binaries import Binaries

MANIFEST, ARCHIVE, KEYS, UPLOADS = "manifest.json", "database.dump", "secret.keys", "uploads"
KEPT_AUTOMATIC = 5  # older automatic backups are removed
KEYS_NOTE = "keys.backed-up"  # in the home: the fingerprint of the keys that were last saved


@dataclass(frozen=True, slots=True)
class Manifest:
    textfirst: str
    made_at: str
    postgres: int  # major version of the server it came from
    keys: bool
    reason: str


def backup(settings: Settings, url: str, target: Path, *, programs: Binaries, keys: bool = True, reason: str = "asked for") -> Manifest:
    """Write the installation to `target`. It appears under its name only when it is whole."""
    manifest = Manifest(textfirst.__version__, datetime.now(UTC).isoformat(), dump.server_major(url, programs), keys, reason)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".textfirst-", dir=target.parent) as folder:
        dump.dump(url, Path(folder, ARCHIVE), programs)
        whole = Path(folder, "whole.tar")
        _pack(whole, manifest, Path(folder, ARCHIVE), settings)
        whole.replace(target)
    if keys:
        note_keys_saved(settings)
    return manifest


def automatic(settings: Settings, url: str, *, programs: Binaries, reason: str, at: datetime) -> Path:
    """A backup before something that changes much; the oldest automatic ones make room."""
    settings.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = settings.backups / f"automatic-{at:%Y%m%d-%H%M%S}.tar"
    noted = keys_were_saved(settings)
    backup(settings, url, target, programs=programs, reason=reason)
    if not noted:  # a copy on the same disk is no backup of the keys
        (settings.home / KEYS_NOTE).unlink(missing_ok=True)
    for old in sorted(settings.backups.glob("automatic-*.tar"))[:-KEPT_AUTOMATIC]:
        old.unlink()
    return target


def read_manifest(source: Path) -> Manifest:
    """What a backup file holds; raises InvalidInput when it is not one of ours."""
    try:
        with tarfile.open(source) as tar:
            file = tar.extractfile(MANIFEST)
            return Manifest(**json.loads(file.read() if file else b""))
    except FileNotFoundError:
        raise InvalidInput(f"There is no file {source}.", code="backup_missing") from None
    except (tarfile.TarError, KeyError, TypeError, ValueError) as why:
        raise InvalidInput(f"{source} is no backup made by `textfirst backup`, or it is damaged.", code="backup_unreadable") from why


def restore(settings: Settings, url: str, source: Path, *, programs: Binaries, force: bool) -> Manifest:
    """Put a backup in place of what is there. Without `force` only into an empty installation (raises Conflict)."""
    manifest = read_manifest(source)
    if not force and dump.tables(url, programs):
        raise Conflict("There is data already. Add --force to replace it by the backup; it cannot be undone.", code="restore_over_data")
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.home) as folder, tarfile.open(source) as tar:
        _unpack(tar, Path(folder))
        dump.restore(url, Path(folder, ARCHIVE), programs)
        _put_files(settings, Path(folder))
    return manifest


def keys_were_saved(settings: Settings) -> bool:
    """Whether the keys as they are now were ever saved by `textfirst backup`."""
    note = settings.home / KEYS_NOTE
    return note.is_file() and settings.keys_file.is_file() and note.read_text().split(" ", 1)[0] == _fingerprint(settings.keys_file)


def note_keys_saved(settings: Settings) -> None:
    (settings.home / KEYS_NOTE).write_text(f"{_fingerprint(settings.keys_file)} {datetime.now(UTC).isoformat()}\n")


def _pack(whole: Path, manifest: Manifest, archive: Path, settings: Settings) -> None:
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        said = json.dumps(asdict(manifest), indent=2).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(said), 0o600
        tar.addfile(entry, BytesIO(said))
        tar.add(archive, ARCHIVE)
        if manifest.keys:
            tar.add(settings.keys_file, KEYS)
        if settings.uploads.is_dir():
            tar.add(settings.uploads, UPLOADS)
        tar.close()
        file.flush()
        os.fsync(file.fileno())


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Files and folders as we pack them. By hand, because Python before 3.11.4 (Debian 12 has 3.11.2) does not refuse what leads elsewhere."""
    try:
        for member in tar:
            _refuse_strange(member)
            place = folder / member.name
            if member.isdir():
                place.mkdir(mode=0o700, exist_ok=True)
                continue
            content = tar.extractfile(member)
            assert content is not None  # it is a file
            with content, os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                shutil.copyfileobj(content, target)
    except (tarfile.TarError, FileExistsError) as why:
        raise InvalidInput(f"The backup is damaged: {why}. Nothing was changed.", code="backup_unreadable") from why


def _refuse_strange(member: tarfile.TarInfo) -> None:
    name = PurePosixPath(member.name)
    if not (member.isfile() or member.isdir()) or name.is_absolute() or ".." in name.parts:
        raise tarfile.ExtractError(f"{member.name!r} is nothing that a backup holds")


def _put_files(settings: Settings, folder: Path) -> None:
    if (folder / KEYS).is_file():
        if settings.keys_file.is_file():
            settings.keys_file.replace(settings.keys_file.with_name("secret.keys.before-restore"))
        shutil.move(folder / KEYS, settings.keys_file)
        settings.keys_file.chmod(0o600)
        note_keys_saved(settings)
    if (folder / UPLOADS).is_dir():
        shutil.copytree(folder / UPLOADS, settings.uploads, dirs_exist_ok=True)


def _fingerprint(keys: Path) -> str:
    return hashlib.sha256(keys.read_bytes()).hexdigest()
