"""Adding, changing, removing and trying channels. The engine follows by `textfirst_channels`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from textfirst.channels.contract import Arrival, CannotConnect, ChannelFacts
from textfirst.channels.models import Channel
from textfirst.channels.queries import SIMULATOR_KIND, channel, channels, open_secrets, simulators
from textfirst.channels.registry import DECLARATIONS, adapter_for, probe
from textfirst.channels.rules.forms import check_config, check_secrets, clean_address, leads_elsewhere
from textfirst.channels.rules.health import sentence
from textfirst.channels.types import Declaration
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.ids import new_id
from textfirst.core.words import say
from textfirst.database.keys import box
from textfirst.events.actions import record_one

SIMULATOR_ADDRESS = "10001"  # a short code: no real phone can have it
TEST_PATIENCE = 10  # seconds a person waits for the result of a test

NO_ADDRESS = "Write a number with its country code, a short code, or a name of up to 11 letters."
ASK_AGAIN = "Enter the password again: it would now be sent to another place."
UNUSABLE = "Some of this cannot be used."


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of trying to log in; `detail` says in words what to mend."""

    ok: bool
    code: str
    detail: str


def create_channel(*, workspace_id: UUID, kind: str, name: str, address: str, config: Mapping[str, Any], secrets: Mapping[str, Any],
                   rate: int | None = None, window: int | None = None, binds: int = 1, pool: str = "", weight: int = 50,
                   enabled: bool = True) -> Channel:  # fmt: skip
    """A channel as its kind's declaration allows. Raises InvalidInput with a sentence per field."""
    declaration = _declaration(kind)
    settled, problems = check_config(declaration, config)
    sealed, more = check_secrets(declaration, secrets, kept=False)
    cleaned = clean_address(address)
    if cleaned is None:
        problems["address"] = NO_ADDRESS
    _refuse(problems | more)
    with transaction.atomic():
        row = Channel.objects.create(
            workspace_id=workspace_id, kind=kind, name=name, address=cleaned or "", config=settled, secrets=_seal(sealed), enabled=enabled,
            rate=declaration.rate if rate is None else rate, window=declaration.window if window is None else window, binds=binds,
            pool=pool.strip(), weight=weight,
        )  # fmt: skip
        _announce(row)
    return row


def create_simulator(*, workspace_id: UUID, name: str) -> Channel:
    """The channel every workspace begins with."""
    return create_channel(workspace_id=workspace_id, kind=SIMULATOR_KIND, name=name, address=SIMULATOR_ADDRESS, config={}, secrets={})


def edit_channel(*, workspace_id: UUID, channel_id: UUID, changes: Mapping[str, Any]) -> Channel:
    """Set what `changes` names: name, address, config (whole), secrets (those given), rate, window, binds, pool, weight, enabled. The engine reconnects."""
    with transaction.atomic():
        row = _locked(workspace_id, channel_id)
        _settle(row, changes)
        for name in ("name", "rate", "window", "binds", "pool", "weight", "enabled"):
            if name in changes:
                value = changes[name]
                setattr(row, name, value.strip() if name == "pool" else value)
        row.version += 1
        row.save()
        _announce(row)
    return row


def remove_channel(*, workspace_id: UUID, channel_id: UUID, now: datetime) -> None:
    """Off and out of sight; its messages stay, and so does the row they name. A workspace keeps its last simulator."""
    with transaction.atomic():
        row = _locked(workspace_id, channel_id)
        if row.kind == SIMULATOR_KIND and simulators(workspace_id).count() == 1:
            raise Conflict("A workspace keeps its simulator: test keys need it. Turn it off instead.", code="last_simulator")
        row.enabled, row.removed_at, row.secrets = False, now, b""
        row.version += 1
        row.save()
        _announce(row)


def try_channel(*, workspace_id: UUID, channel_id: UUID | None, kind: str | None, config: Mapping[str, Any] | None,
                 secrets: Mapping[str, Any]) -> Tested:  # fmt: skip
    """Log in at the carrier as the engine would, within `TEST_PATIENCE` seconds, and leave again. Raises InvalidInput for an unfinished form.

    No transaction may be open: this waits for the network.
    """
    facts = _facts(workspace_id, channel_id, kind, config, secrets)
    try:
        asyncio.run(_probe(facts))
    except TimeoutError:
        config = facts.config
        where = config.get("url") or f"{config.get('host', '')}:{config.get('port', '')}"
        return Tested(False, "no_answer", sentence("no_answer", {"where": where, "seconds": TEST_PATIENCE}))
    except CannotConnect as error:
        return Tested(False, error.code, error.message)
    return Tested(True, "bound", sentence("bound", {}))


async def _probe(facts: ChannelFacts) -> None:
    async with asyncio.timeout(TEST_PATIENCE):
        await probe(facts, smpp_bind=settings.PROCESS.smpp_bind, private_providers=settings.PROCESS.private_providers)


def _declaration(kind: str) -> Declaration:
    if kind not in DECLARATIONS:
        words = say("Choose one of: {known}.", known=", ".join(DECLARATIONS))
        raise InvalidInput(words, fields={"kind": words})
    return DECLARATIONS[kind]


def _settle(row: Channel, changes: Mapping[str, Any]) -> None:
    """Put address, config and secrets of `changes` into the row, or raise InvalidInput."""
    declaration, problems = _declaration(row.kind), {}
    secrets = changes.get("secrets") or {}
    given, wrong = check_secrets(declaration, secrets, kept=True)
    problems.update(wrong)
    if "config" in changes:
        settled, wrong = check_config(declaration, changes["config"])
        problems.update(wrong)
        if bytes(row.secrets) and leads_elsewhere(declaration, row.config, settled):
            problems.update({f"secrets.{spec.name}": ASK_AGAIN for spec in declaration.secrets if spec.name not in secrets})
        row.config = settled
    if "address" in changes:
        row.address = clean_address(changes["address"]) or ""
        if not row.address:
            problems["address"] = NO_ADDRESS
    _refuse(problems)
    if given:
        all_given = all(spec.name in given for spec in declaration.secrets)
        row.secrets = _seal(given if all_given else {**open_secrets(row), **given})


def _facts(
    workspace_id: UUID, channel_id: UUID | None, kind: str | None, config: Mapping[str, Any] | None, secrets: Mapping[str, Any]
) -> ChannelFacts:
    """What is to be tried: a stored channel with what the form changed about it, or a form alone."""
    if channel_id is None:
        row = Channel(id=new_id(), workspace_id=workspace_id, kind=kind or "", name="", address="", config={}, secrets=b"")
        _refuse(check_secrets(_declaration(row.kind), secrets, kept=False)[1])
    else:
        row = channel(workspace_id, channel_id)
    wanted: dict[str, Any] = {"secrets": secrets}
    if config is not None or channel_id is None:
        wanted["config"] = config or {}
    _settle(row, wanted)
    return ChannelFacts(
        workspace_id=workspace_id, id=row.id, kind=row.kind, address=row.address, config=row.config, secrets=open_secrets(row),
        rate=row.rate, window=row.window, version=row.version,
    )  # fmt: skip


def reread(row: Channel, pdu: bytes) -> Arrival:
    """What came by a channel, read again from its bytes. Raises CannotConnect for settings that cannot be used, and anything for bytes that nobody can read."""
    facts = ChannelFacts(
        workspace_id=row.workspace_id, id=row.id, kind=row.kind, address=row.address, config=row.config, secrets={}, rate=row.rate,
        window=row.window, version=row.version,
    )  # fmt: skip
    return adapter_for(facts, smpp_bind=settings.PROCESS.smpp_bind).reread(pdu)


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise InvalidInput(UNUSABLE, fields=problems)


def _locked(workspace_id: UUID, channel_id: UUID) -> Channel:
    row = channels(workspace_id).select_for_update().filter(id=channel_id).first()
    if row is None:
        raise NotFound("There is no such channel in this workspace.")
    return row


def _seal(secrets: Mapping[str, Any]) -> bytes:
    return box(settings.PROCESS.keys_file).encrypt(json.dumps(dict(secrets)).encode()) if secrets else b""


def _announce(row: Channel) -> None:
    record_one(row.workspace_id, "channel.updated", row.id)
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify('textfirst_channels', %s)", [str(row.id)])
