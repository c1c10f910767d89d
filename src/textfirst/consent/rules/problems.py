"""What can be wrong with the ledger, in words."""

from __future__ import annotations

from textfirst.consent.types import Problem
from textfirst.core.words import Sentence, say

SENTENCES = {
    "seal_broken": "Seal {number} does not hold: it, or one before it, was changed, removed or put elsewhere.",
    "chain_cut": "The chain ends before seal {number}, which an earlier check had seen.",
    "entry_removed": "Of the entries under seal {number}, {entries} are not there.",
    "entry_changed": "An entry under seal {number} was changed, or two changed places; it has {entries}.",
    "entry_inserted": "{entries} entries are in the ledger that nobody sealed or is going to seal.",
    "seal_late": "{entries} entries have waited for their seal for more than five minutes. Are jobs running?",
    "person_changed": "The personal side of {entries} entries is not what was written down.",
    "person_removed": "The personal side of {entries} entries is gone without an erasure.",
    "stop_not_seen": "{entries} stops are not in the row that decisions read.",
}


def sentence(problem: Problem) -> Sentence:
    """For people."""
    return say(SENTENCES[problem.code], number=problem.number, entries=problem.entries)
