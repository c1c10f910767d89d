"""What an HTTP channel's `config` and `secrets` say, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from textfirst.channels.contract import CannotConnect, ChannelFacts

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
PORTS: Final = {"https": 443, "http": 80}
LONGEST_TIMEOUT: Final = 600  # seconds


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where one provider takes texts, and who we are there."""

    host: str
    port: int
    tls: bool
    target: str  # path and query, as the request says them
    authority: str  # as the header Host says it
    api_key: str
    sender: str  # the channel's address
    window: int
    send_validity: bool = True
    answer_timeout: float = 30.0  # seconds
    private: bool = False  # whether it may be on our own network

    @property
    def where(self) -> str:
        """For people."""
        return f"{self.host}:{self.port}"


def read_settings(facts: ChannelFacts, *, private: bool) -> HttpSettings:
    """The settings of a channel; `private` allows addresses of our own network. Raises CannotConnect saying what to mend."""
    config, secrets = facts.config, facts.secrets or {}
    url = _url(str(config.get("url") or "").strip(), private=private)
    scheme, host = url.scheme, url.hostname or ""
    port = url.port or PORTS[scheme]
    named = f"[{host}]" if ":" in host else host
    return HttpSettings(
        host=host,
        port=port,
        tls=scheme == "https",
        target=(url.path or "/") + (f"?{url.query}" if url.query else ""),
        authority=named if port == PORTS[scheme] else f"{named}:{port}",
        api_key=_secret(secrets, "api_key"),
        sender=facts.address,
        window=facts.window,
        send_validity=bool(config.get("send_validity", True)),
        answer_timeout=_seconds(config.get("answer_timeout")),
        private=private,
    )


def _url(text: str, *, private: bool) -> SplitResult:
    """An address that can be written into a request as it is. Raises CannotConnect."""
    if not text:
        raise CannotConnect("setting_missing", field="url", wait_for_people=True)
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:
        host, port, url = None, None, urlsplit("")
    plain = text.isascii() and text.isprintable() and " " not in text and url.username is None and port != 0
    allowed = url.scheme == "https" or (url.scheme == "http" and private and host in LOOPBACK)
    if not (host and plain and allowed):
        raise CannotConnect("url_wrong", wait_for_people=True)
    return url


def _secret(secrets: Mapping[str, Any], name: str) -> str:
    """A secret that can stand in a header. Raises CannotConnect."""
    value = str(secrets.get(name) or "")
    if not value or not value.isascii() or not value.isprintable():
        raise CannotConnect("setting_missing", field=name.replace("_", " "), wait_for_people=True)
    return value


def _seconds(value: Any) -> float:
    if value in {None, ""}:
        return 30.0
    if str(value).isascii() and str(value).isdigit() and 1 <= int(str(value)) <= LONGEST_TIMEOUT:
        return float(str(value))
    raise CannotConnect("setting_number", field="answer timeout", value=str(value), least=1, most=LONGEST_TIMEOUT, wait_for_people=True)
