"""Does somebody want no more messages from us, in whatever words? See `docs/explain/opt-out.md`."""

from textfirst.consent.rules.optout.verdict import Evidence, Scope, Verdict, Wish, read_ahead, read_optout

__all__ = ["Evidence", "Scope", "Verdict", "Wish", "read_ahead", "read_optout"]
