"""Which kinds of channel there are: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from textfirst.channels.adapters.http_carrier.adapter import HttpAdapter
from textfirst.channels.adapters.http_carrier.declaration import HTTP
from textfirst.channels.adapters.http_carrier.hooks import HttpHooks
from textfirst.channels.adapters.http_carrier.settings import read_settings as read_http_settings
from textfirst.channels.adapters.simulator.adapter import simulator
from textfirst.channels.adapters.simulator.declaration import SIMULATOR
from textfirst.channels.adapters.smpp.adapter import SmppAdapter
from textfirst.channels.adapters.smpp.declaration import SMPP
from textfirst.channels.adapters.smpp.settings import read_settings
from textfirst.channels.contract import Adapter, CannotConnect, ChannelFacts, Hooks
from textfirst.channels.types import Declaration


class Machine(NamedTuple):
    """What a channel may need to know of the installation it runs in."""

    smpp_bind: str  # where the simulator listens, host:port
    private_providers: bool  # HTTP providers may be on our own network


Opener = Callable[[ChannelFacts, Machine], Adapter]

ADAPTERS: Final[Mapping[str, Opener]] = {
    "smpp": lambda facts, _machine: SmppAdapter(read_settings(facts)),
    "http": lambda facts, machine: HttpAdapter(read_http_settings(facts, private=machine.private_providers)),
    "simulator": lambda facts, machine: simulator(facts, machine.smpp_bind),
}

DECLARATIONS: Final[Mapping[str, Declaration]] = {declaration.kind: declaration for declaration in (SMPP, HTTP, SIMULATOR)}


HOOKS: Final[dict[str, Hooks]] = {"http": HttpHooks()}  # kinds whose provider calls us over HTTP


def adapter_for(facts: ChannelFacts, *, smpp_bind: str, private_providers: bool = False) -> Adapter:
    """The adapter of a channel. Raises CannotConnect when its kind is unknown or its settings cannot be used."""
    opener = ADAPTERS.get(facts.kind)
    if opener is None:
        raise CannotConnect("unknown_kind", kind=facts.kind, wait_for_people=True)
    if facts.secrets is None:
        raise CannotConnect("keys_gone", wait_for_people=True)
    return opener(facts, Machine(smpp_bind, private_providers))


async def probe(facts: ChannelFacts, *, smpp_bind: str, private_providers: bool = False) -> None:
    """Connect, log in and leave again: the channel page's test. Raises CannotConnect with what to mend."""
    adapter = adapter_for(facts, smpp_bind=smpp_bind, private_providers=private_providers)
    line = await adapter.connect(lambda: None, lambda: True)
    await line.close()
