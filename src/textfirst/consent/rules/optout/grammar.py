"""How a wish to leave is put, in the letters of concepts; the same for every language.

Courtesy is left out before. A rule is a shape within one clause; its score says how sure it makes us. What the wish is about has to be said and to be ours:
messages, writing, me, my number, your list. An unknown word (`x`) or another matter (`a`: an order, an appointment, a medicine) where that should stand, and the
rule does not hold: "don't send the driver" is no wish to leave. A negation right before the verb turns it round; "why did you stop" (`k`) asks, and a bus stop (`q`) is no verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ACT = 0.7  # from here on the person is taken off
ASK = 0.4  # from here on marketing is held and a person asked


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    shape: re.Pattern[str]
    score: float
    near: float  # certainty lost when another matter stands right behind it
    far: float  # and when it stands elsewhere in the clause
    languages: frozenset[str] = frozenset()  # none: all


def _rule(name: str, shape: str, score: float, *, near: float = 0.8, far: float = 0.8, languages: str = "") -> Rule:
    return Rule(name, re.compile(shape), score, near, far, frozenset(languages.split()))


_END = "[mgtTSplyojI]*$"  # nothing else is spoken of in the clause
RULES = (
    _rule("out", rf"u{_END}|um|mu(?!o?x)", 0.85),
    _rule("out of messages", r"[uR]o?[mgx]{0,2}[tTSlbrpLs]", 0.85, near=0.4, far=0.0),
    _rule("begone from my phone", r"O[omx]{0,2}[tSplr]", 0.8),
    _rule("leave me alone", r"Z", 0.75, near=0.3, far=0.0),
    _rule("out of something", r"uo?x", 0.45),
    _rule("resign", rf"R{_END}|mR(?!o?x)|Rm(?!o?x)", 0.75),
    _rule("halt messages", r"h[mgxpoI]{0,3}[tTjS]m?", 0.95, near=0.4, far=0.0),
    _rule("halt sending", rf"h[mgo]{{0,3}}s(?:m|{_END})", 0.85),
    _rule("halt receiving", rf"h[mgo]{{0,2}}r(?:[mgox]?[tTl]|{_END})", 0.85),
    _rule("halt sending things", r"h[mgw]{0,3}sx{1,3}[tTSlp]", 0.8),
    _rule("halt sending something", r"h[mg]{0,3}sx", 0.45),
    _rule("halt consent", r"h[mgox]{0,2}y", 0.8),
    _rule("halt messages about", r"h[mgxs]{0,2}a[tS]", 0.75, far=0.0),
    _rule("halt calling", r"h[mgoI]{0,3}L(?:[mpTt]|$)", 0.75),
    _rule("no more calls", r"n[mgpw]{0,3}L[mpx]{0,2}g|g[m]?n[m]?L|L[mx]{0,3}ng|e[mo]?L|nL[mx]?T", 0.75),
    _rule("messages halt", r"t[mgwxs]{0,3}h[mg]{0,2}$", 0.8, near=0.4, far=0.0),
    _rule("said halt", r"i[mgwo]{0,3}[hu](?:[tTsSm]|$)", 0.85),
    _rule("want halt", r"w[mg]{0,2}h$", 0.75),
    _rule("no messages", r"(?<![rxIa])n[mgo]{0,2}[tS][mgtpo]*$", 0.85),
    _rule("do not write", r"n[mgpow]{0,2}T(?:[mgpltTs]|$)|nt[mp]|n[mgp]{0,2}t[mp]?g", 0.85, near=0.4, far=0.0),
    _rule("rather no messages", r"w[mx]{0,2}n[mgxr]{0,3}[tT]", 0.85, near=0.4, far=0.0),
    _rule("do not send", rf"n[mgpowi]{{0,2}}s(?:[mgp]{{0,2}}(?:[tTlSg]|ng$)|{_END})", 0.85, far=0.0),
    _rule("send no more", r"[sT][mgx]{0,2}(?:ng|gg)", 0.8, languages="de fr"),
    _rule("do not send things", r"n[mgpo]{0,2}sx[tTS]", 0.85, near=0.4, far=0.0),
    _rule("no longer send", r"n[mgx]{0,2}[sT][mgtpx]{0,4}g$", 0.75, near=0.4, far=0.0),
    _rule("do not want messages", r"n[mgx]{0,2}w[mgrsxoj]{0,4}[tTSl]", 0.9, near=0.4, far=0.0),
    _rule("do not want messages about", r"n[mgx]{0,2}w[mgrxo]{0,3}a{1,2}[tS]", 0.75, far=0.0),
    _rule("do not want to receive", r"n[mgx]{0,2}w[mgn]{0,2}[rsj](?:m|[mgo]*$)", 0.85),
    _rule("do not receive messages", r"n[mg]{0,2}r[mgx]{0,2}[tl]|n[mg]*r[mo]*g[mo]*$|ngr[mo]*$", 0.8, languages="vi vi-bare fr es pt pl"),
    _rule("not want to be bothered", r"n[mgx]{0,2}w?[mgr]{0,2}j", 0.8),
    _rule("messages not wanted", r"t[mxg]{0,3}n[xm]{0,2}(?:w|g)", 0.8, near=0.4, far=0.0),
    _rule("messages not", r"^x?[mg]?t[mgx]{0,2}n[mg]{0,2}$", 0.75, languages="pl el es pt de fr ar ar-latin"),
    _rule("messages not", r"w[mgxI]{0,2}[tS][mgxo]{0,3}n", 0.8, languages="de"),
    _rule("messages not received", r"t[mgx]{0,2}nr[mg]*$", 0.75, languages="vi vi-bare"),
    _rule("no disturbing", r"n[mg]{0,2}z", 0.75, languages="ar"),
    _rule("not on the list", r"nm{1,2}o?l$", 0.5),
    _rule("no more sending", r"^x?[gm]{1,2}[sT][mgx]{0,2}(?:t|$)", 0.75, languages="fr"),
    _rule("drop the number", r"d[mgo]{0,2}x?[py]|d[mgo]{0,3}l|d[mg]{0,2}T$|v[mgx]{0,2}p", 0.9),
    _rule("drop from messages", r"[dD][mp]{0,2}o[mgxs]{0,2}[tlT]", 0.85, near=0.4, far=0.0),
    _rule("want dropped", r"w[mgI]{0,2}[mp][mg]?E", 0.85),
    _rule("number dropped", r"[pl][mgwx]{0,2}d|p[mgxi]{0,6}d$", 0.8),
    _rule("drop me", rf"d[g]?m{_END}|md{_END}", 0.8),
    _rule("drop me, whoever you are", r"dg?mx{1,2}$", 0.75),
    _rule("drop me from something", r"d[g]?mo(?!q)|dmx", 0.45),
    _rule(
        "take me off",
        r"[Dr][mp]{1,2}O$|[Dr][mp]{1,2}o(?:[mgplto]*$|x?[ltp])|wm?o+l|D[mg]?t[mg]?o$|D?o[mg]?p$|Do[mp]|^[mgpx]*o[mg]?lD$|^[mgp]*o[mg]?l$",
        0.8,
    ),
    _rule("take me out of the list", r"d[mp]{1,2}nl", 0.8, languages="vi vi-bare"),
    _rule("take something off the list", r"[dD]x{1,2}o[mgx]{0,2}[tl]", 0.45),
    _rule("enough messages", r"e[mgxo]{0,2}(?:[tTjS]|r$)", 0.85, near=0.4, far=0.0),
    _rule("cancel messages", r"c[mgxorsp]{0,3}b?[mgo]{0,2}[tTS]", 0.85, near=0.4, far=0.0),
    _rule("cancel subscription", r"[ch][mgo]{0,2}b", 0.55),
    _rule("cancel subscription", r"c[mgo]{0,2}b(?!o?x)", 0.75, languages="ar el vi vi-bare pl"),
    _rule("revoke consent", r"v[mgopxw]{0,4}[yw]|n[mg]?[wr]?y|v[mgopxwI]{0,4}[tTr]", 0.9, near=0.4, far=0.0),
    _rule("leave me alone with messages", r"z[mgor]{0,2}[tT]|m[tT]z|z[mgp]{0,2}d|d[mp]{0,2}z", 0.75),
    _rule("not the rest", r"U[mgxI]{0,3}(?:n[mgx]{0,2})?[hcwd]|dmo?U", 0.75),
    _rule("said not to want it", r"i[mgxwoI]{0,3}n[rsTw]$", 0.75),
    _rule("doubts", r"z[mgxto]{0,5}z", 0.75, languages="de"),
    _rule("doubt", r"z(?!o?x)|^S$|Sm|W", 0.5),
)
# what is told in more than one clause: | is where one ends
WHOLE = (
    _rule(
        "or else",
        r"[tTsjrgGQ][^a]*W|W[^a]*[tTsjrgGh]|[tj][^a]*B|B[^a]*[tjh]|[gGk][^a]*[sTr][^a]*B|[sTr][^a]*[gGk][^a]*B|B[^a]*[gGk][^a]*[sTr]|B[^a]*[sTr][^a]*[gGk]",
        0.75,
    ),
    _rule("one more and", r"^\|*Q.*[BW]", 0.75, near=0.0, far=0.0),
    _rule("said before", r"^(?=[^a]*G)[^a]*i[mgxwoIG]{0,6}(?:[hu]|n[mg]{0,2}[sT])|h[xg]{0,2}i[^a]*G|Gh[xg]{0,2}i", 0.75),
    _rule("halted and still sends", r"[cu][^a|]*G[^a]*[srT]", 0.75),
)
_TURNED_ROUND = re.compile(r"n[miwg]{0,2}(?:[miwg]|x[miw]?)?[hcduRD](?!.*[tTs])|ng?[hcduR][^g]*|nwm?[hcuR]|nD[mpx]{0,2}o?l?")
_ASKS = re.compile("(?<=k).*|[hcuR](?=.*k)")  # "why did you stop", "why do you not write"
_ASKED_ABOUT = re.compile("k.*[hcuR]|[hcuR].*k")
_OURS = re.compile("M(?=[ptTSybl])")
_SUBJECT = re.compile("I[mg]?h")
CALLS = frozenset({"halt calling", "no more calls"})
_SAYS = frozenset("tTSdp")


@dataclass(frozen=True, slots=True)
class Match:
    rule: str
    score: float
    start: int  # letters within the clause
    end: int


def matches(clause: str, language: str) -> Iterator[Match]:
    """The rules that the concept letters of one clause fulfil."""
    clause = _OURS.sub("", clause).replace("M", "x")
    if "N" in clause:
        clause = clause.replace("z", "q")  # "I gave the wrong number"
    if "A" in clause and _SAYS.isdisjoint(clause):
        return
    if "j" not in clause and "z" not in clause:
        clause = _ASKS.sub(_unsaid, clause)
    clause = _TURNED_ROUND.sub(_unsaid, _SUBJECT.sub(_unsaid, clause))
    for rule in RULES:
        if rule.languages and language not in rule.languages:
            continue
        if found := rule.shape.search(clause):
            yield Match(rule.name, _score(rule, clause, found), found.start(), found.end())


def told(message: str) -> Iterator[Match]:
    """The rules that the concept letters of a whole message fulfil, its clauses apart by `|`."""
    message = _OURS.sub("", message).replace("M", "x")
    if "A" in message:
        return
    for rule in WHOLE:
        if found := rule.shape.search(message):
            yield Match(rule.name, _score(rule, message, found), found.start(), found.end())


def turned_round(message: str) -> bool:
    """A verb of leaving that is denied, asked about or a mistake, somewhere in the message: "don't take me off", "why did you stop"."""
    said = message.replace("f", "").replace("F", "")
    return "A" in said or any(shape.search(said) for shape in (_TURNED_ROUND, _ASKED_ABOUT))


def _unsaid(found: re.Match[str]) -> str:
    return "q" * len(found.group())


def _score(rule: Rule, clause: str, found: re.Match[str]) -> float:
    if "a" not in clause:
        return rule.score
    return round(rule.score - (rule.near if clause.startswith("a", found.end()) else rule.far), 2)
