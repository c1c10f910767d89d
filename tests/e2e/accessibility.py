"""axe over a page that is already open: every rule, both themes."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Busy is whatever says so; grey shapes stand for what has not come yet.
SETTLED = """() => document.querySelector('main h1, main h2') && !document.querySelector('[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root')
    && document.getAnimations().every((one) => one.playState !== 'running')"""

# The router's own word on it (it puts itself on the window): until then the page before is still the one that is shown.
ARRIVED = """() => {
    const { status, location: wanted, resolvedLocation: shown } = window.__TSR_ROUTER__.state
    return status === 'idle' && wanted.href === location.pathname + location.search && shown?.href === wanted.href
}"""

AXE = Axe().axe_script
# Every rule is tried on every element; what passed is not written out.
RUN = "() => axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)"


def go(page: Page, path: str) -> None:
    """To another address as a link within the app goes there, until it has nothing more to fetch."""
    page.evaluate("(path) => history.pushState({}, '', path)", path)
    page.wait_for_function(ARRIVED)
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_function(SETTLED)


def violations(page: Page, *themes: str) -> list[str]:
    """What axe finds in each theme, as sentences."""
    found = []
    for theme in themes:
        page.evaluate("(theme) => document.documentElement.setAttribute('data-mantine-color-scheme', theme)", theme)
        page.wait_for_function(SETTLED)
        found += [f"{theme}: {line}" for violation in _run(page) for line in _lines(violation)]
    return found


def _run(page: Page) -> list[dict[str, Any]]:
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte, which a page keeps while people go about in it
        page.evaluate(AXE)
    violated: list[dict[str, Any]] = page.evaluate(RUN)
    return violated


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for node in violation["nodes"]
    ]
