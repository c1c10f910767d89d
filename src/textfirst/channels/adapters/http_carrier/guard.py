"""Where a provider's address may lead: not to this machine and not into its network, whatever name it hides behind.

A name is looked up once, by us, and the connection is made to the very address that was looked at: a name that changes its mind in between
leads nowhere else.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from textfirst.channels.adapters.http_carrier.settings import HttpSettings
from textfirst.channels.contract import CannotConnect

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


async def addresses(settings: HttpSettings) -> list[str]:
    """The addresses of the provider's host. Raises CannotConnect when it has none, or one that is private and not allowed."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotConnect("unreachable", where=settings.where, why=getattr(error, "strerror", None) or "no such name") from error
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not settings.private and not all(map(is_public, numbers)):
        raise CannotConnect("address_private", where=settings.where, wait_for_people=True)
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address is of the open internet; one inside another counts as what it is inside."""
    address: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = _inside(address) or address
    return address.is_global and not address.is_multicast


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
