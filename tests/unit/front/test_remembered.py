import asyncio

import pytest

from textfirst.front import remembered
from textfirst.front.remembered import Remembered


class Library:
    def __init__(self):
        self.asked, self.broken = 0, False

    async def __call__(self, key):
        self.asked += 1
        await asyncio.sleep(0.005)
        if self.broken:
            raise OSError(key)
        return key.upper()


async def test_many_who_want_it_at_once_ask_once():
    library = Library()
    known = Remembered(library)
    assert await asyncio.gather(*(known.find("a") for _ in range(100))) == ["A"] * 100
    assert await known.find("a") == "A"
    assert library.asked == 1


async def test_what_was_forgotten_or_is_old_is_asked_again(monkeypatch):
    library = Library()
    known = Remembered(library)
    await known.find("a")
    known.forget()
    monkeypatch.setattr(remembered, "SECONDS", -1)
    await known.find("a")
    await known.find("a")
    assert library.asked == 3


async def test_a_failure_is_told_to_all_and_not_remembered():
    library = Library()
    known = Remembered(library)
    library.broken = True
    assert [type(one) for one in await asyncio.gather(known.find("a"), known.find("a"), return_exceptions=True)] == [OSError, OSError]
    library.broken = False
    assert await known.find("a") == "A"


async def test_a_caller_that_goes_away_takes_nothing_from_the_others():
    known = Remembered(Library())
    leaver, stayer = asyncio.create_task(known.find("a")), asyncio.create_task(known.find("a"))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await stayer == "A"
    with pytest.raises(asyncio.CancelledError):
        await leaver
