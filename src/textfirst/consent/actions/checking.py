"""Looking through the whole chain of a workspace, and through what should follow from it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from textfirst.consent.models import ConsentCheck, ConsentSeal
from textfirst.consent.queries import run, sql
from textfirst.consent.rules import chain
from textfirst.consent.types import Problem
from textfirst.database.scope import workspace_scope

AT_ONCE = 20  # seals whose entries are read together: 100,000 entries at most
MOST_PROBLEMS = 100  # said one by one


def check(workspace_id: UUID, now: datetime) -> ConsentCheck:
    """Read the chain from its beginning; what is wrong is in `problems` of the row it leaves."""
    began = time.monotonic()
    with workspace_scope(workspace_id):
        seals = list(ConsentSeal.objects.of(workspace_id).order_by("number"))
        problems = [*_cut(workspace_id, seals), *_chain(workspace_id, seals), *_entries(workspace_id, seals), *_beside(workspace_id, now)]
        return ConsentCheck.objects.create(
            workspace_id=workspace_id, at=now, entries=sum(seal.entries for seal in seals), seals=len(seals),
            problems=[asdict(problem) for problem in problems[:MOST_PROBLEMS]], seconds=round(time.monotonic() - began, 3),
        )  # fmt: skip


def _cut(workspace_id: UUID, seals: list[ConsentSeal]) -> Iterator[Problem]:
    """A chain without its last links still holds; only who has seen them knows."""
    seen = ConsentCheck.objects.of(workspace_id).order_by("seals").last()
    if seen is not None and seen.seals > len(seals):
        yield Problem("chain_cut", number=seen.seals)


def _chain(workspace_id: UUID, seals: list[ConsentSeal]) -> Iterator[Problem]:
    previous = chain.NOTHING_BEFORE
    for number, seal in enumerate(seals, 1):
        made = chain.Link(workspace_id, seal.number, seal.entries, bytes(seal.root), bytes(seal.previous), seal.sealed_at).seal()
        if (seal.number, bytes(seal.previous), bytes(seal.seal)) != (number, previous, made):
            yield Problem("seal_broken", number=seal.number)
        previous = bytes(seal.seal)


def _entries(workspace_id: UUID, seals: list[ConsentSeal]) -> Iterator[Problem]:
    for at in range(0, len(seals), AT_ONCE):
        some = seals[at : at + AT_ONCE]
        rows = run(sql.leaves, {"workspace_id": workspace_id, "first": some[0].number, "last": some[-1].number})
        found = {number: list(batch) for number, batch in groupby(rows, key=lambda row: row[0])}
        for seal in some:
            yield from _batch(seal, found.get(seal.number, []))


def _batch(seal: ConsentSeal, rows: list[Any]) -> Iterator[Problem]:
    """An entry's own digest cannot tell whether it was changed; the root of its batch can, and the places whether all are there."""
    gone = [row for row in rows if row[2] is None]
    if len(rows) > seal.entries:
        yield Problem("entry_inserted", number=seal.number, entries=len(rows) - seal.entries)
    elif gone or [row[1] for row in rows] != list(range(seal.entries)):
        yield Problem("entry_removed", number=seal.number, entries=max(len(gone), seal.entries - len(rows) + len(gone)))
    elif chain.root([chain.leaf(row[2:]) for row in rows]) != bytes(seal.root):
        yield Problem("entry_changed", number=seal.number, entries=seal.entries)


def _beside(workspace_id: UUID, now: datetime) -> Iterator[Problem]:
    """Entries without a seal, personal rows that are not what was digested or are gone without an erasure, stops that decisions do not see."""
    for code, number in run(sql.beside_chain, {"workspace_id": workspace_id, "now": now}):
        if number:
            yield Problem(code, entries=number)
