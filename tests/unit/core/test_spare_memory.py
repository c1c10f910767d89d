import gc
import weakref

from textfirst.core import spare_memory
from textfirst.core.spare_memory import Watch, give_back


class Process:
    """A clock of CPU seconds that is turned by hand, and what was done."""

    def __init__(self, monkeypatch, held=0.0):
        self.spent, self.done, self.held = 0.0, [], held
        monkeypatch.setattr(spare_memory, "resident", lambda: self.held)
        self.watch = Watch(lambda: self.done.append("renewed"), give=lambda: self.done.append("gave back"))

    def looks(self, *spells):
        """One look after each spell of work, in seconds of CPU."""
        for seconds in spells:
            self.spent += seconds
            self.watch.look(lambda: self.spent)
        done, self.done = self.done, []
        return done


def test_nothing_happens_at_work(monkeypatch):
    assert Process(monkeypatch).looks(5, 5, 1, 0.3, 9) == []


def test_at_rest_it_gives_back_at_once_and_once_more(monkeypatch):
    process = Process(monkeypatch)
    assert process.looks(5, 0) == ["gave back"]
    assert process.looks(0, 0) == []
    assert process.looks(0) == ["gave back"]
    assert process.looks(*[0] * 20) == []


def test_the_little_that_a_resting_process_does_wakes_nothing(monkeypatch):
    process = Process(monkeypatch)
    process.looks(5, 0, 0, 0, 0)
    assert process.looks(*[0.01] * 40) == []
    assert process.looks(0.4, 0, 0, 0, 0, 5, 0) == ["gave back", "gave back", "gave back"]


def test_what_has_grown_is_renewed_and_what_has_not_is_left(monkeypatch):
    process = Process(monkeypatch, held=80e6)
    process.held = 85e6
    assert "renewed" not in process.looks(5, 0, 0, 0, 0)
    process.held = 95e6
    assert process.looks(5, 0, 0, 0, 0) == ["gave back", "gave back", "renewed"]


def test_what_refers_to_itself_is_let_go():
    class Knot:
        def __init__(self):
            self.itself = self

    gc.disable()
    try:
        gone = weakref.ref(Knot())
        assert gone() is not None
        give_back()
        assert gone() is None
    finally:
        gc.enable()
