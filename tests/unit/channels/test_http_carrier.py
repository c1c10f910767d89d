"""A carrier over HTTP: its words, its signatures, and where it may not lead."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from textfirst.channels.adapters.http_carrier import codec
from textfirst.channels.adapters.http_carrier.guard import is_public
from textfirst.channels.adapters.http_carrier.hooks import HttpHooks
from textfirst.channels.adapters.http_carrier.settings import read_settings
from textfirst.channels.contract import (
    Accepted,
    Answer,
    CannotConnect,
    ChannelFacts,
    Fate,
    Garbled,
    NoAnswer,
    Outbound,
    Part,
    Reason,
    ReceiptSeen,
    Refused,
    Text,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = UUID("019a0000-0000-7000-8000-00000000beef")
MESSAGE = Outbound(ID, ID, None, 2, 1, 1, 0, 0, 0, NOW, NOW + timedelta(hours=1), 1, 1, "+306900000001", "Γεια")
PART = Part(MESSAGE, ID, 1, 1, 0, MESSAGE.body.encode())
SECRET = "a secret of the river"


def facts(url: str, **more: Any) -> ChannelFacts:
    return ChannelFacts(ID, ID, "http", "10001", {"url": url, **more}, {"api_key": "k", "hook_secret": SECRET}, 0, 10, 1)


def test_a_text_is_one_request() -> None:
    settings = read_settings(facts("https://texts.example.com:8443/v1?a=b"), private=False)
    head, _, body = codec.request(codec.head(settings), PART, settings, NOW.timestamp()).partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /v1?a=b HTTP/1.1", b"Host: texts.example.com:8443", b"User-Agent: Textfirst", b"Accept: application/json",
        b"Content-Type: application/json", b"Authorization: Bearer k", b"Content-Length: %d" % len(body), b"Idempotency-Key: %b" % str(ID).encode(),
    ]  # fmt: skip
    assert json.loads(body) == {"reference": str(ID), "from": "10001", "to": "+306900000001", "text": "Γεια", "valid_for": 3600}


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (202, b"", Accepted(PART, str(ID))),
        (409, b"", Accepted(PART, str(ID))),
        (429, b"", Refused(PART, Reason.THROTTLED, "HTTP 429")),
        (422, b'{"error": "sender_refused"}', Refused(PART, Reason.SENDER_REFUSED, "HTTP 422 sender_refused")),
        (422, b'{"error": "n\\u0000o"}', Refused(PART, Reason.REJECTED, "HTTP 422")),
        (418, b"[[[", Refused(PART, Reason.UNMAPPED, "HTTP 418")),
        (302, b'{"error": "busy"}', Refused(PART, Reason.MISCONFIGURED, "HTTP 302 busy")),
        (500, b'{"error": "number_refused"}', NoAnswer(PART)),
        (403, b'{"error": "opted_out"}', Refused(PART, Reason.OPTED_OUT, "HTTP 403 opted_out")),
    ],
)
def test_d6_what_an_answer_means(status: int, body: bytes, answer: Answer) -> None:
    assert codec.answer(PART, status, body) == answer


def test_what_a_call_says() -> None:
    receipt = {"type": "receipt", "id": "r", "reference": str(ID), "to": "+306900000001", "status": "delivered"}
    text = {"type": "text", "id": "t", "from": "306900000001", "to": "10001", "text": "hi"}
    raw = json.dumps(text).encode()
    assert codec.arrivals(raw) == [Text(None, "+306900000001", "10001", "hi", b"", 0, None, raw, "text:t")]
    first, second, third = codec.arrivals(json.dumps({"events": [receipt, {**receipt, "status": "eaten"}, {"type": "text"}]}).encode())
    assert first == ReceiptSeen(None, str(ID), Fate.DELIVERED, "", ("+306900000001",), json.dumps(receipt).encode(), "receipt:r", ID)
    assert isinstance(second, ReceiptSeen)
    assert (second.fate, second.error) == (None, "word eaten")
    assert isinstance(third, Garbled)


def header(body: bytes, at: int, secret: str = SECRET) -> dict[str, str]:
    return {"x-signature": f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"}


def test_who_may_call() -> None:
    hooks, now, secrets = HttpHooks(lambda: 1_000_000.0), 1_000_000, {"hook_secret": SECRET}
    right = header(b"x", now)
    assert hooks.verify(right, b"x", secrets)
    assert hooks.verify(header(b"x", now - 299), b"x", secrets)
    assert hooks.verify({"x-signature": right["x-signature"].replace("v1=", "v1=é,v1=", 1)}, b"x", secrets)  # a second secret
    wrong = [
        {}, header(b"y", now), header(b"x", now - 301), header(b"x", now + 301), header(b"x", now, "another secret of it"),
        {"x-signature": right["x-signature"].replace(f"t={now}", f"t={now - 1}")}, {"x-signature": right["x-signature"].partition(",")[2]},
        {"x-signature": "t=²,v1=é"},
    ]  # fmt: skip
    assert [hooks.verify(one, b"x", secrets) for one in wrong] == [False] * len(wrong)
    assert not hooks.verify(header(b"x", now, ""), b"x", {})
    assert not hooks.verify(header(b"x", now, "short"), b"x", {"hook_secret": "short"})


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "::"],
)  # fmt: skip
def test_no_channel_leads_into_our_network(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_channels_lead_to_the_internet(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    ("url", "private"),
    [("", True), ("http://texts.example.com/", True), ("http://127.0.0.1/", False), ("https://u:p@example.com/", True), ("ftp://example.com", True),
     ("https://example.com/a b", True), ("https://example.com/\r\nX: y", True), ("https://example.com:99999/", True), ("https://", True)],
)  # fmt: skip
def test_an_address_that_cannot_be_used(url: str, private: bool) -> None:
    with pytest.raises(CannotConnect):
        read_settings(facts(url), private=private)
