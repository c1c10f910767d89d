"""Does somebody want no more messages from us, in whatever words? See `docs/explain/opt-out.md`."""

from textfirst.consent.rules.optout.verdict import Evidence, Verdict, Wish, read_optout

__all__ = ["Evidence", "Verdict", "Wish", "read_optout"]
