"""The API as the journeys use it: as a person signed in by cookies, or as a program with a key. And the phones of the customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import httpx
from tests.e2e.installation import within

ADDRESS = "127.0.0.1"  # Python's cookie jar does not know what to do with a host without a dot
PATIENCE = 30.0  # seconds for one answer; this machine may be busy


class Api:
    """Paths below /api/v1. A refusal raises AssertionError with the answer's words; `ask` hands over any answer."""

    def __init__(self, url: str, *, cookies: Mapping[str, str] | None = None, key: str = "", workspace: str = "") -> None:
        self.url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if workspace:
            headers["X-Workspace"] = workspace
        self.http = httpx.Client(base_url=url.replace("localhost", ADDRESS), headers=headers, timeout=PATIENCE)
        self.sign_in_with(cookies or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def sign_in_with(self, cookies: Mapping[str, str]) -> None:
        for name, value in cookies.items():
            self.http.cookies.set(name, value, domain=ADDRESS)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self.http.cookies.get("csrftoken", ""), **more.pop("headers", {})}
        address = path if path.startswith("/_allauth") else f"/api/v1{path}"
        return self.http.request(method, address, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        return self._content(self.ask("GET", path, params=query))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._content(self.ask("POST", path, json=body, headers=headers))

    def put(self, path: str, body: Any) -> Any:
        return self._content(self.ask("PUT", path, json=body))

    def patch(self, path: str, body: Any) -> Any:
        return self._content(self.ask("PATCH", path, json=body))

    def delete(self, path: str) -> Any:
        return self._content(self.ask("DELETE", path))

    def all(self, path: str, **query: Any) -> list[Any]:
        """Every item of a list, page after page."""
        items, after = [], None
        while True:
            found = self.get(path, **query, **({"after": after} if after else {}))
            items += found["items"]
            after = found["next"]
            if not after:
                return items

    def upload(self, content: str) -> Any:
        return self._content(self.ask("POST", "/imports", files={"file": ("contacts.csv", content.encode())}))

    def import_contacts(self, content: str, *, new_list: str = "", seconds: float = 60) -> Any:
        """Imports a CSV as its columns are guessed, and waits for the end."""
        made = self.upload(content)
        if new_list:
            self.patch(f"/imports/{made['id']}", {"new_list": new_list})
        self.post(f"/imports/{made['id']}/start")
        assert within(seconds, lambda: self.get(f"/imports/{made['id']}")["state"] not in {"uploaded", "running"}, every=0.2)
        return self.get(f"/imports/{made['id']}")

    def signed_in(self, cookies: Mapping[str, str]) -> Api:
        """The same server as somebody else."""
        return Api(self.url, cookies=cookies)

    def another(self, workspace: str) -> Api:
        """The same person in another workspace."""
        return Api(self.url, cookies=dict(self.http.cookies), workspace=workspace)

    @staticmethod
    def _content(answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url} → {answer.status_code}: {answer.text[:1000]}"
        return answer.json() if answer.content else None


class Phone:
    """A customer's phone on the simulator's wall."""

    def __init__(self, api: Api, number: str) -> None:
        self.api = api
        self.number = number

    def types(self, text: str) -> None:
        self.api.post(f"/simulator/phones/{self.number}/texts", {"text": text})

    def received(self) -> list[str]:
        texts = self.api.get(f"/simulator/phones/{self.number}")["texts"]
        return [text["text"] for text in texts if not text["from_phone"]]

    def gets(self, text: str, *, seconds: float = 10) -> None:
        """Waits until the text is on the phone."""
        assert within(seconds, lambda: text in self.received()), f"{self.number} has {self.received()}, not {text!r}"
