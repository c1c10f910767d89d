"""How a channel is and why a carrier does not let us in: a stable code and facts are kept, the sentence is made when read.

Facts are numbers, names, or words that have a translation of their own. The fact `again_in` (seconds until we try again) adds a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textfirst.core.words import Sentence, in_language, say

Fact = str | int | float
Facts = Mapping[str, Fact]

_REFUSED: Final = "The carrier refused our login: {why} ({status})."
_CREDENTIALS: Final = (
    "The carrier refused our login: {why} ({status}). Check system id, password and system type in the channel's settings."
)

SENTENCES: Final[Mapping[str, str]] = {
    "bound": "Connected and logged in.",
    "alarm": "Connected, but {why}. Look at the last messages that failed.",
    "connecting": "Connecting to the carrier.",
    "other_node": "Another node of this installation speaks for this channel.",
    "lost": "The connection was lost: {why}. We connect again.",
    # before a login
    "unknown_kind": "This version of Textfirst has no channels of the kind “{kind}”.",
    "keys_gone": "The channel's password was encrypted with keys that are not here. Enter it again, or restore the key file.",
    "setting_missing": "The channel has no {field}. Enter it in the channel's settings.",
    "setting_number": "The channel's {field} is “{value}”; it must be a number from {least} to {most}.",
    "setting_choice": "The channel's {field} is “{value}”; it can be {known}.",
    "setting_codes": "The channel's map of error codes cannot be read. {why}",
    "no_answer": "Nothing answered at {where} within {seconds} seconds. Check host and port, and that the carrier allows our address.",
    "unreachable": "Could not connect to {where}: {why}.",
    "tls_untrusted": (
        "The certificate of {where} is signed by nobody this machine trusts. Ask the carrier for the certificate of its authority and add it "
        "to this machine's, or choose “TLS, without checking who answers”."
    ),
    "tls_wrong_name": "The certificate of {where} is for another name. Enter the host exactly as the carrier writes it.",
    "tls_expired": "The certificate of {where} has expired, or this machine's clock is wrong. Check the clock; else tell the carrier.",
    "tls_not_spoken": "{where} answered, but not with TLS. Ask the carrier for its port with encryption, or set Encryption to None.",
    "tls_ended": "{where} ended the connection when TLS began. Ask the carrier for its port with encryption, and whether it allows our address.",
    "tls_failed": "The encrypted connection to {where} failed: {why}. Check the channel's TLS setting.",
    "tls_untrusted_here": (
        "The certificate of {where} is signed by nobody this machine trusts ({why}). Ask the provider for the certificate of its authority and "
        "add it to this machine's."
    ),
    "tls_failed_here": "The encrypted connection to {where} failed: {why}. Check the address and its port.",
    "url_wrong": "The address for sending must begin with https:// and carry no name or password.",
    "address_private": "{where} is on a private network, where channels may not lead. Whoever runs this installation can allow it.",
    "key_refused": "The provider does not accept our key (HTTP {status}). Check the key for sending in the channel's settings.",
    "provider_trouble": "The provider has a problem of its own (HTTP {status}).",
    # at the login
    "login_unanswered": "The carrier took the connection but did not answer our login within {seconds} seconds.",
    "ended_early": "The connection ended before we were logged in: {why}. If the carrier's port is for encryption, set Encryption to TLS.",
    "bound_already": "The carrier says that this account is already connected. We try again shortly.",
    "wrong_password": _CREDENTIALS,
    "wrong_system_id": _CREDENTIALS,
    "wrong_system_type": _CREDENTIALS,
    "refused": _CREDENTIALS,
    "carrier_trouble": _REFUSED,
}
AGAIN_IN_SECONDS: Final = "We try again in {seconds} seconds."
AGAIN_IN_MINUTES: Final = "We try again in {minutes} minutes."
LONG: Final = 90  # seconds; from then on we speak of minutes


def sentence(code: str, facts: Facts) -> Sentence:
    """What `code` says with these facts, in English; one that another version wrote stands for itself."""
    try:
        return Sentence(SENTENCES[code], dict(facts))
    except KeyError:
        return Sentence("{code}", {"code": code})


def in_words(code: str, facts: Facts, language: str) -> str:
    """How a channel is, for a reader of `language`; nothing for a channel that is off."""
    if not code:
        return ""
    said = [sentence(code, facts)]
    wait = facts.get("again_in")
    if isinstance(wait, int | float):
        said.append(say(AGAIN_IN_SECONDS, seconds=round(wait)) if wait < LONG else say(AGAIN_IN_MINUTES, minutes=round(wait / 60)))
    return " ".join(in_language(one, language) for one in said)
