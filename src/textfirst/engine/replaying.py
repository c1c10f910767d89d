"""Taking in again what was put aside, once somebody asks for it: after a mistake of ours was mended (`textfirst intake replay`).

Each goes the way of any arrival, through `Intake`, and is taken out of those put aside in the transaction that stores it: never one without the other, and
never twice, whoever tries. What fails again stays, with its new problem, until somebody asks once more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from textfirst.channels.contract import Arrival, Garbled, Text
from textfirst.channels.registry import HOOKS
from textfirst.core.logs import origin
from textfirst.engine.bind import Bind
from textfirst.engine.intake import Intake
from textfirst.engine.ports import PutAside, Work
from textfirst.engine.progress import Overtaken

log = logging.getLogger(__name__)

MOST: Final = 50  # taken in between two other chores


async def replay(bind: Bind) -> None:
    """Take in what is asked for; on the channel's first bind only. Raises StoreAway."""
    if bind.slot != 0:
        return
    facts, store = bind.facts, bind.engine.store
    for one in await store.to_replay(facts.workspace_id, facts.id, MOST):
        try:
            problem = await _again(bind, one, datetime.now(UTC))
        except Overtaken:
            continue  # another node has it
        if problem:
            async with store.begin(facts.workspace_id) as work:
                work.keep_rejected(one.id, problem)
        log.info("what was put aside was asked for again", extra={"channel": str(facts.id), "rejected": str(one.id), "problem": problem})


async def _again(bind: Bind, one: PutAside, now: datetime) -> str:
    try:
        arrival = read(bind, one)
    except Exception as error:  # noqa: BLE001 - anybody's bytes, and a mistake of ours may be there still
        log.error("what was put aside cannot be read", extra=origin(error))  # noqa: TRY400 - a traceback would say their words
        return type(error).__name__
    if isinstance(arrival, Garbled):
        return arrival.problem

    async def sieve(work: Work, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        if not await work.take_rejected(one.id, now):
            raise Overtaken("somebody else has taken it in")
        return arrivals

    return await Intake(bind, sieve).again(arrival, now)


def read(bind: Bind, one: PutAside) -> Arrival:
    """What it says, as it would have been read when it came."""
    hooks = HOOKS.get(bind.facts.kind)
    arrival = bind.adapter.reread(one.pdu) if hooks is None else next(iter(hooks.arrivals({}, one.pdu)))
    return arrival._replace(came=one.came) if isinstance(arrival, Text) else arrival
