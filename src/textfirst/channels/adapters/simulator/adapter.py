"""The simulator's address and login, whatever the channel's settings say: a test message cannot leave the machine."""

from __future__ import annotations

from typing import Final

from textfirst.channels.adapters.smpp.adapter import SmppAdapter
from textfirst.channels.adapters.smpp.settings import SmppSettings
from textfirst.channels.contract import ChannelFacts

PASSWORD: Final = "simulator"  # noqa: S105 - no secret: it only listens on this machine


def simulator(facts: ChannelFacts, smpp_bind: str) -> SmppAdapter:
    """The adapter of a simulator channel; `smpp_bind` is where the simulator listens, host:port."""
    host, _, port = smpp_bind.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))  # noqa: S104 - compared, not bound
    return SmppAdapter(
        SmppSettings(host=host, port=int(port), system_id=str(facts.id), password=PASSWORD, sender=facts.address, window=facts.window)
    )
