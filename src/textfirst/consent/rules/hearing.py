"""What an incoming text asks of us, keyword or free words: the one question that the intake puts.

Keywords first, whole and exact; then the reader of free words (`optout`), which is sure (a stop), in doubt (a hold), or hears nothing. What another Textfirst
answers by itself is about stopping too, and is heard as nothing, so that two of them do not take each other off. A short text that is none of that may be
about joining: whether it is, the workspace's forms know.
"""

from __future__ import annotations

import logging
from functools import lru_cache

from textfirst.consent.rules.answers import is_answer
from textfirst.consent.rules.opting_in import LONGEST_WORD, JoinWords, is_yes
from textfirst.consent.rules.optout import Wish, read_optout
from textfirst.consent.rules.words import ConsentWords, HoldWords, StopWords, normalised, read_words
from textfirst.core.logs import origin

log = logging.getLogger(__name__)

LONGEST_EVIDENCE = 100  # characters of the words that decided, kept in the ledger


@lru_cache(maxsize=4096)  # the intake asks several times: for the lock, then for the effect; more than a batch has
def hear(text: str) -> ConsentWords | JoinWords | None:
    """What `text` asks of us, or None when it is about anything else."""
    if words := read_words(text):
        return words
    try:
        verdict = read_optout(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person shall read the text, and its channel goes on
        log.error("a text could not be read for wishes to leave", extra=origin(error))  # noqa: TRY400 - its words may be the customer's
        return HoldWords("")
    if verdict.wish is not Wish.ORDINARY and not is_answer(text):
        heard = verdict.evidence[0].words[:LONGEST_EVIDENCE]
        return StopWords(heard, verdict.scope.value) if verdict.wish is Wish.STOP else HoldWords(heard)
    return _joining(text)


def _joining(text: str) -> JoinWords | None:
    if len(text) > 2 * LONGEST_WORD:  # with room for what is no letter
        return None
    said = normalised(text)
    return JoinWords(said, is_yes(text)) if said and len(said) <= LONGEST_WORD else None
