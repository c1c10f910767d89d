"""A browser as a person uses it: contexts with their own cookies, language, theme and width, that fail on what the console complains of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Response, expect, sync_playwright
from playwright.sync_api import TimeoutError as Late

from textfirst.testing.browser import find_browser, launch_arguments

# What playwright leaves out by itself (a second list replaces the first), and the pages behind the address bar that nobody sees: a third of
# what each window costs.
WITHOUT = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin", "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup", "WebUIOmniboxPopup",
)  # fmt: skip
QUIET = (
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 30_000  # for one step of a journey, on a machine that is busy with other tests
TRIES = 4  # to open a list of choices
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass  # playwright hangs attributes on whom its events go to, so no slots
class Complaints:
    """What a page says on its console and what the server could not do: none of it may happen unnoticed."""

    said: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of complaints that a journey causes on purpose

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("response", self._response)

    def check(self) -> None:
        left = [words for words in self.said if not any(part in words for part in self.expected)]
        assert left == [], "\n".join(left)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused request shows here as well; its answer is judged by the journey.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.said.append(f"console: {message.text}")

    def _response(self, answer: Response) -> None:
        if answer.status >= 500:
            self.said.append(f"{answer.status} from {answer.request.method} {answer.url}")


class Pages:
    """Opens pages of one installation and closes them together."""

    def __init__(self, browser: Browser, url: str, shots: Path) -> None:
        self.browser = browser
        self.url = url
        self.shots = shots
        self.complaints = Complaints()
        self.opened: list[Page] = []

    def open(
        self, path: str = "/", *, cookies: list[Any] | None = None, language: str = "en", theme: str = "light",
        size: Mapping[str, int] = DESKTOP,
    ) -> Page:  # fmt: skip
        """A page of its own context, as somebody with these cookies."""
        state: Any = {
            "cookies": cookies or [],
            "origins": [{"origin": self.url, "localStorage": _stored({"textfirst.language": language, "textfirst.scheme": theme})}],
        }
        context = self.browser.new_context(
            base_url=self.url, storage_state=state, viewport=size, locale="en-GB", timezone_id="Europe/London",
            reduced_motion="reduce", has_touch=size["width"] < 600,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        self.complaints.watch(page)
        self.opened.append(page)
        page.goto(path)
        return page

    def picture(self, name: str) -> list[Path]:
        """What every open page shows now, for whoever reads why a journey failed."""
        taken = []
        for number, page in enumerate(self.opened):
            path = self.shots / f"{name}-{number}.png"
            page.screenshot(path=path)
            taken.append(path)
        return taken

    def close(self) -> None:
        for page in self.opened:
            page.context.close()


def _stored(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, driven by playwright."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=find_browser(), args=[*launch_arguments(), *QUIET])


def pick(within: Page | Locator, label: str, option: str) -> None:
    """Types into a searchable list of choices and takes one, as a person would: who sees the choices go away again, because the page was still arriving, asks again."""
    field = within.get_by_role("combobox", name=label).or_(within.get_by_role("textbox", name=label)).first
    choice = within.get_by_role("option", name=option).first
    for _ in range(TRIES):
        field.click()
        field.fill(option)
        with contextlib.suppress(Late):
            choice.click(timeout=PATIENCE_MS / TRIES)
            return
    pytest.fail(f"{option} was not offered under {label}")
