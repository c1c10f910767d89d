"""Reads the rule packs, all or none."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from textfirst.decisions.packs.errors import BrokenPack
from textfirst.decisions.packs.types import Kind, LegalClass, Pack

STRICT = "ZZ"  # ISO 3166 leaves it to users; CLDR uses it for "unknown region"
SEALS = "sealed.sha256"  # as `sha256sum` writes it: one line for each file that was ever released


@dataclass(frozen=True, slots=True)
class Shelf:
    """The packs in force, by jurisdiction, and every version ever released."""

    packs: Mapping[str, Pack]
    released: Mapping[tuple[str, int], Pack]


@cache
def shelf() -> Shelf:
    """The packs that come with Textfirst, read once a process; raises BrokenPack."""
    return read_shelf(resources.files(__package__) / "data")


def read_shelf(folder: Traversable) -> Shelf:
    """Every pack in `folder`; raises BrokenPack when anything about any of them is wrong."""
    released: dict[tuple[str, int], Pack] = {}
    for name, sha256 in _seals(folder).items():
        pack = _read_pack(folder / name, sha256)
        released[pack.jurisdiction, pack.version] = pack
    _no_unsealed(folder)
    newest = {jurisdiction: released[jurisdiction, version] for jurisdiction, version in sorted(released)}
    _complete(newest, released)
    return Shelf(MappingProxyType(newest), MappingProxyType(released))


def read_pack(name: str, raw: bytes) -> Pack:
    """The pack in the bytes of the file `name`; raises BrokenPack with the place in it."""
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        pack = Pack.model_validate({**_no_hash(name, tomllib.loads(raw.decode())), "sha256": sha256})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenPack(name, "its text", str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BrokenPack(name, _place(first["loc"]), first["msg"].removeprefix("Value error, ")) from error
    if name != file_name(pack):
        raise BrokenPack(name, "its name", f"a pack that says this is called {file_name(pack)}")
    return pack


def file_name(pack: Pack) -> str:
    return f"{pack.jurisdiction.lower()}@{pack.version}.toml"


def _no_hash(name: str, said: dict[str, Any]) -> dict[str, Any]:
    if "sha256" in said:
        raise BrokenPack(name, "sha256", f"the hash of a pack is kept in {SEALS}, not in it")
    return said


def _place(path: tuple[int | str, ...]) -> str:
    """("hours", 0, "open", "mon") as hours[0].open.mon, counted from 0 as in TOML."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the whole"


def _seals(folder: Traversable) -> dict[str, str]:
    try:
        lines = (folder / SEALS).read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenPack(SEALS, "the whole", str(error)) from error
    seals: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        sha256, _, name = line.partition("  ")
        if len(sha256) != 64 or not name or name in seals:
            raise BrokenPack(SEALS, f"line {number}", "write a SHA-256, two spaces and the name of a file, each once")
        seals[name] = sha256
    return seals


def _read_pack(file: Traversable, sha256: str) -> Pack:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BrokenPack(file.name, "the whole", f"it is listed in {SEALS} and cannot be read") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise BrokenPack(file.name, "the whole", "it was changed after its release. Put it back, and write the change as the next version")
    return read_pack(file.name, raw)


def _no_unsealed(folder: Traversable) -> None:
    seals = _seals(folder)
    for file in folder.iterdir():
        if file.name.endswith(".toml") and file.name not in seals:
            raise BrokenPack(file.name, "the whole", f"it is not listed in {SEALS}. Run tools/seal-packs once it is final")


def _complete(newest: Mapping[str, Pack], released: Mapping[tuple[str, int], Pack]) -> None:
    if STRICT not in newest:
        raise BrokenPack(f"{STRICT.lower()}@1.toml", "the whole", "the strict default is missing")
    if not any(LegalClass.MARKETING in rule.classes and rule.kinds == set(Kind) for rule in newest[STRICT].consent):
        raise BrokenPack(
            file_name(newest[STRICT]), "consent", "the strict default says for every kind of channel which permissions are enough"
        )
    for pack in newest.values():
        if pack.within and pack.within not in newest:
            raise BrokenPack(file_name(pack), "within", f"there is no pack for {pack.within}")
        for version in range(1, pack.version):
            if (pack.jurisdiction, version) not in released:
                raise BrokenPack(file_name(pack), "version", f"version {version} is missing: released packs are kept")
