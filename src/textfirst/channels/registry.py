"""Which kinds of channel there are: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textfirst.channels.adapters.simulator.adapter import simulator
from textfirst.channels.adapters.simulator.declaration import SIMULATOR
from textfirst.channels.adapters.smpp.adapter import SmppAdapter
from textfirst.channels.adapters.smpp.declaration import SMPP
from textfirst.channels.adapters.smpp.settings import read_settings
from textfirst.channels.contract import Adapter, CannotConnect, ChannelFacts, Hooks
from textfirst.channels.types import Declaration

Opener = Callable[[ChannelFacts, str], Adapter]

ADAPTERS: Final[Mapping[str, Opener]] = {
    "smpp": lambda facts, _smpp_bind: SmppAdapter(read_settings(facts)),
    "simulator": simulator,
}

DECLARATIONS: Final[Mapping[str, Declaration]] = {declaration.kind: declaration for declaration in (SMPP, SIMULATOR)}


HOOKS: Final[dict[str, Hooks]] = {}  # kinds whose provider calls us over HTTP


def adapter_for(facts: ChannelFacts, *, smpp_bind: str) -> Adapter:
    """The adapter of a channel. Raises CannotConnect when its kind is unknown or its settings cannot be used."""
    opener = ADAPTERS.get(facts.kind)
    if opener is None:
        raise CannotConnect("unknown_kind", kind=facts.kind, wait_for_people=True)
    if facts.secrets is None:
        raise CannotConnect("keys_gone", wait_for_people=True)
    return opener(facts, smpp_bind)


async def probe(facts: ChannelFacts, *, smpp_bind: str) -> None:
    """Connect, log in and leave again: the channel page's test. Raises CannotConnect with what to mend."""
    line = await adapter_for(facts, smpp_bind=smpp_bind).connect(lambda: None, lambda: True)
    await line.close()
