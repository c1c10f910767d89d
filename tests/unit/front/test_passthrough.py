from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from textfirst.front import passthrough
from textfirst.front.passthrough import Passthrough


async def test_method_path_query_and_body_arrive_as_sent(client):
    answer = (await client.post("/api/v1/x%2Fy?a=1&b=%20", content="héllo")).json()
    assert (answer["method"], answer["path"], answer["query"], answer["body"]) == ("POST", "/api/v1/x/y", "a=1&b=%20", "héllo")
    assert answer["headers"]["host"] == "texts.example"


async def test_what_a_client_claims_to_forward_is_thrown_away(client):
    answer = (
        await client.get(
            "/", headers={"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Real-IP": "6.6.6.6", "Forwarded": "for=6"}
        )
    ).json()
    assert answer["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert answer["headers"]["x-forwarded-proto"] == "http"
    assert {"x-real-ip", "forwarded"} & answer["headers"].keys() == set()


async def test_a_body_without_a_length_is_streamed(client):
    async def parts():
        yield b"one "
        yield b"two"

    assert (await client.post("/", content=parts())).json()["body"] == "one two"


async def test_every_cookie_comes_back(client):
    assert len((await client.get("/cookies")).headers.get_list("set-cookie")) == 2


async def test_an_answer_is_streamed(client):
    assert (await client.get("/slow")).text == "one two three"


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_beyond_the_limit_is_refused(client, monkeypatch, declared):
    monkeypatch.setattr(passthrough, "SMALL_BODY", 1024)

    async def parts():
        for _ in range(10):
            yield b"x" * 1000

    answer = await client.post("/", content=b"x" * 5000 if declared else parts())
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


async def test_without_a_console_the_answer_says_when_to_come_back():
    app = Starlette(routes=[Route("/", Passthrough(Path("/nonexistent/console.sock")).answer)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://texts.example") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "console_away", "2")
