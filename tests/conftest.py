"""How tests are shared out when several processes run them: file by file, but journeys to two of them, for they share an installation each.

Most of the time a journey waits for a page and a page for a journey, so one process more than there are cores is kept busy.
"""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

JOURNEYS = "tests/e2e/"
LOOKS = ("tests/e2e/test_accessibility.py", "tests/e2e/test_first_visit.py", "tests/e2e/test_up.py")  # about half of them, by the clock


class JourneysTogether(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(LOOKS):
            return f"{JOURNEYS} looks"
        return JOURNEYS if nodeid.startswith(JOURNEYS) else super()._split_scope(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits the longest begins first, so that no process ends alone with it (needs `--no-loadscope-reorder`).

    The requests generated for each operation get names of their own: of tests with one name only one is shared out.
    """
    for item in items:
        if label := getattr(item, "operation_label", None):
            item._id = item.id.with_params(label)
    names = [item.nodeid for item in items]
    assert len(names) == len(set(names)), "two tests have one name, and only one of them would run"
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(JOURNEYS),
            not item.nodeid.startswith(LOOKS),
            not item.nodeid.startswith("tests/engine/"),
        )
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> JourneysTogether:
    return JourneysTogether(config, log)
