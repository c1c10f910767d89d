"""One installation for all journeys, set up once as a person does it; a browser, the owner's API, and the customers' phones.

Everything is of package scope: playwright's loop must be gone before an asynchronous test elsewhere starts its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.client import Api, Phone
from tests.e2e.installation import Installation, new_installation

from textfirst.testing.browser import find_browser

OWNER = {"name": "Maria Jones", "email": "maria@corner-books.example", "password": "four calm green otters"}
WORKSPACE = {"workspace_name": "Corner Books", "country": "GB", "time_zone": "Europe/London", "language": "en"}
QUICK = {"receipt_delay_min_ms": 150, "receipt_delay_max_ms": 250}  # a tick is seen on its way, and nobody waits long


@dataclass(frozen=True, slots=True)
class Owner:
    """Who made the workspace, signed in."""

    api: Api
    cookies: list[Any]
    seen: dict[str, Any]  # what the setup showed on the way, when a browser did it


@pytest.fixture(scope="package")
def installation() -> Iterator[Installation]:
    with new_installation() as made:
        made.up_and_ready()
        yield made


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    if find_browser() is None:
        pytest.skip("no Chromium on this machine")
    from tests.e2e.pages import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def owner(installation: Installation, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    """The workspace, made through the setup page; through the API where there is no browser."""
    with Api(installation.url) as api:
        if find_browser() is None:
            api.ask("GET", "/_allauth/browser/v1/config")  # the token that guards against forged requests
            api.post("/setup", {**WORKSPACE, **OWNER, "demo": False})
            made = Owner(api, [], {})
        else:
            made = _set_up_by_hand(api, request.getfixturevalue("browser"), tmp_path_factory.mktemp("setup"))
        api.put("/simulator/knobs", QUICK)
        yield made


def _set_up_by_hand(api: Api, browser: Any, shots: Path) -> Owner:
    from tests.e2e.first_visit import set_up
    from tests.e2e.pages import Pages

    pages = Pages(browser, api.url, shots)
    try:
        seen = set_up(pages, **WORKSPACE, **OWNER)
    except BaseException:
        print(*(f"\nsee {path}" for path in pages.picture("setup")))  # noqa: T201 - pytest shows it with the failure
        raise
    cookies = pages.opened[0].context.cookies()
    pages.close()
    pages.complaints.check()
    api.sign_in_with({one["name"]: one["value"] for one in cookies})
    return Owner(api, cookies, seen)


@pytest.fixture
def api(owner: Owner) -> Api:
    """The API as the owner."""
    return owner.api


@pytest.fixture
def phone(api: Api) -> Callable[[str], Phone]:
    """`phone("+447700900001")` is a customer's."""
    return lambda number: Phone(api, number)


@pytest.fixture
def pages(installation: Installation, owner: Owner, browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Opens pages; at the end none of them may have complained."""
    from tests.e2e.pages import Pages

    opened = Pages(browser, installation.url, tmp_path)
    yield opened
    if request.node.stash.get(FAILED, False):
        print(*(f"\nsee {path}" for path in opened.picture(request.node.name)))  # noqa: T201 - pytest shows it with the failure
        opened.close()
        return
    opened.close()
    opened.complaints.check()


@pytest.fixture
def page(pages: Any, owner: Owner) -> Any:
    """The owner's inbox on a desktop."""
    return pages.open("/inbox", cookies=owner.cookies)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
