"""How a wish to leave is put, in the letters of concepts; the same for every language.

Courtesy is left out before. A rule is a shape within one clause; its score says how sure it makes us. `a` (an order, an appointment, a medicine: what else one
may stop) within the clause takes certainty away, `q` and `k` (bus stop, "why did you stop") take all of it, and a negation right before the verb turns it round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ACT = 0.7  # from here on the person is taken off
ASK = 0.4  # from here on marketing is held and a person asked
_ANOTHER_MATTER = 0.4  # certainty lost when the clause is about an order or the like


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    shape: re.Pattern[str]
    score: float
    aloof: bool = False  # names messages, lists or numbers itself, so that another matter in the clause only makes us ask
    languages: frozenset[str] = frozenset()  # none: all


def _rule(name: str, shape: str, score: float, *, aloof: bool = False, languages: str = "") -> Rule:
    return Rule(name, re.compile(shape), score, aloof, frozenset(languages.split()))


RULES = (
    _rule("out", r"u", 0.85),
    _rule("halt messages", r"h[^aq]{0,4}[tjlS]", 0.95, aloof=True),
    _rule("halt sending", r"h[^aq]{0,3}s", 0.85),
    _rule("halt consent", r"h[^aq]{0,2}y", 0.8),
    _rule("messages halt", r"t[^aqn]{0,2}h", 0.8, aloof=True),
    _rule("said halt", r"i[^aq]{0,4}[hu]$", 0.85),
    _rule("want halt", r"w[mg]{0,2}h$", 0.75),
    _rule("no messages", r"n[mgswpx]{0,2}[tS]", 0.85, aloof=True),
    _rule("no messages received", r"n[mwg]?r[mgx]?t", 0.85, languages="vi vi-bare el fr"),
    _rule("rather no messages", r"w[x]?n[^aq]{0,3}[tr]", 0.85),
    _rule("do not send", r"n[mpgx]?[mg]?s(?:x?[mgtpl]|x?$)", 0.85),
    _rule("do not send any more", r"s[mxpg]{0,2}n[g]", 0.85),
    _rule("no longer send", r"n[mgx]{0,2}s[^aq]{0,4}g", 0.75, aloof=True),
    _rule("no longer send", r"s[mxp]{0,2}gg$", 0.75, languages="fr"),
    _rule("do not want messages", r"n[mx]?w[^aq]{0,5}[tsl]", 0.9, aloof=True),
    _rule("do not want to receive", r"n[mx]?w[^aq]{0,2}[rj][mg]?", 0.75),
    _rule("no need to receive", r"zr", 0.8),
    _rule("do not bother", r"n[mx]?j", 0.8),
    _rule("messages not wanted", r"t[mxg]{0,3}n[xm]?(?:w|g)", 0.8),
    _rule("drop the number", r"d[^aqn]{0,5}[pl]", 0.9, aloof=True),
    _rule("number dropped", r"[pl][^aqn]{0,3}d", 0.8),
    _rule("drop from messages", r"do[^aq]{0,2}t", 0.85),
    _rule("drop me", r"d[xg]?m|m[x]?d", 0.8),
    _rule("take off", r"D(?=.*[mptl])[^aq]{0,4}o|D?o[xm]?l", 0.85),
    _rule("enough messages", r"e[^aq]{0,3}[tjS]", 0.85, aloof=True),
    _rule("cancel messages", r"c[^aq]{0,3}t", 0.85),
    _rule("cancel subscription", r"c[mx]{0,2}b", 0.55),
    _rule("cancel subscription", r"c[mx]{0,2}b", 0.75, languages="ar el vi vi-bare pl"),
    _rule("revoke consent", r"v[^aq]{0,3}y|n[mx]?y|v[^aq]{0,2}[tr]", 0.9, aloof=True),
    _rule("doubt", r"z|S", 0.5),
)
_TURNED_ROUND = re.compile(r"n[mx]?[hcduD](?!.*[tsl])|n[hcdu][^g]*|nD")


@dataclass(frozen=True, slots=True)
class Match:
    rule: str
    score: float
    start: int  # letters within the clause
    end: int


def matches(clause: str, language: str) -> Iterator[Match]:
    """The rules that the concept letters of one clause fulfil."""
    if "q" in clause:
        return
    if "k" in clause and "j" not in clause:
        clause = re.sub(r"[hcu]", "x", clause)
    clause = _TURNED_ROUND.sub(lambda found: "x" * len(found.group()), clause)
    for rule in RULES:
        if rule.languages and language not in rule.languages:
            continue
        if found := rule.shape.search(clause):
            yield Match(rule.name, _score(rule, clause), found.start(), found.end())


def _score(rule: Rule, clause: str) -> float:
    if "a" not in clause:
        return rule.score
    return rule.score - (_ANOTHER_MATTER if rule.aloof else 2 * _ANOTHER_MATTER)
