"""Looking after channels that stand in for one another: once a minute their shares follow how they do, and what waits at one that
cannot be reached goes to the others. `channels.rules.carriers` decides; this reads, writes and announces.

A pool is looked after in a transaction that locks its channels' rows, so two workers at once do it once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from textfirst.channels.models import Channel, ChannelShare, ChannelShift
from textfirst.channels.queries import senders
from textfirst.channels.rules.carriers import (
    ERRORS_LOOK_BACK,
    LOOK_BACK,
    SLOW_AFTER,
    Figures,
    Member,
    Sender,
    Shift,
    current_shares,
    home_shares,
    next_shift,
    route,
    stand_ins,
)
from textfirst.core.ids import earliest_id, id_time
from textfirst.database.named_sql import load
from textfirst.database.scope import workspace_scope
from textfirst.events.actions import record_one
from textfirst.messages.actions import wake

log = logging.getLogger(__name__)

SAMPLE: Final = 500  # attempts looked at of each minute
BATCH: Final = 500  # messages handed over in one transaction
MOST_HANDED_OVER: Final = 50_000  # in one go; the next minute goes on

sql = load("textfirst.messages")


def look_after(workspace_id: UUID, now: datetime) -> int:
    """Every pool of the workspace, in transactions of its own; how many messages were handed over."""
    with workspace_scope(workspace_id):
        pooled = Channel.objects.of(workspace_id).filter(enabled=True, removed_at=None).exclude(pool="")
        pools = Counter(pooled.values_list("pool", flat=True))
    for pool, members in pools.items():
        if members > 1:
            with workspace_scope(workspace_id):
                _balance(workspace_id, pool, now)
    return _relieve(workspace_id)


# ---- shares


def _balance(workspace_id: UUID, pool: str, now: datetime) -> None:
    rows = list(
        Channel.objects.of(workspace_id).filter(enabled=True, removed_at=None, pool=pool).select_for_update(no_key=True).order_by("id")
    )
    if len(rows) < 2:
        return
    ids = [row.id for row in rows]
    home = home_shares({row.id: row.weight for row in rows})
    stored = {row.id: row.share for row in ChannelShare.objects.of(workspace_id).filter(pool=pool, id__in=ids)}
    shares = current_shares(home, stored)
    read = _figures(workspace_id, ids, now)
    figures = {row.id: _judged(row, read.get(row.id)) for row in rows}
    shift = next_shift([Member(one, home[one], shares[one], figures[one]) for one in ids], _last_shift(workspace_id, pool), now)
    if shift is not None:
        shares[shift.source] -= shift.points
        shares[shift.target] += shift.points
        _tell(workspace_id, pool, shift, figures[shift.source])
    for one in ids:
        half, most = read[one][4:6] if one in read else (None, None)
        ChannelShare.objects.update_or_create(
            workspace_id=workspace_id, id=one,
            defaults={"pool": pool, "share": shares[one], "looked_at": now, "seconds_half": half, "seconds_most": most, **asdict(figures[one])},
        )  # fmt: skip


def _figures(workspace_id: UUID, channel_ids: Sequence[UUID], now: datetime) -> dict[UUID, tuple[Any, ...]]:
    """Sampled a minute at a time: of ten minutes that ended five minutes ago how slow, of the last two how many errors."""
    minute = timedelta(minutes=1)
    old = [(now - LOOK_BACK + n * minute, False) for n in range((LOOK_BACK - SLOW_AFTER) // minute)]
    recent = [(now - ERRORS_LOOK_BACK + n * minute, True) for n in range(ERRORS_LOOK_BACK // minute)]
    stretches = [*old, *recent]
    params: dict[str, Any] = {
        "workspace_id": workspace_id, "channel_ids": list(channel_ids), "most": SAMPLE, "patience": SLOW_AFTER.total_seconds(),
        "since": [earliest_id(at) for at, _ in stretches], "until": [earliest_id(at + minute) for at, _ in stretches],
        "recent": [late for _, late in stretches],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.carrier_figures, params)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _judged(row: Channel, read: Sequence[Any] | None) -> Figures:
    """Who is not asked for receipts cannot be slow with them."""
    figures = Figures(*read[:4]) if read else Figures()
    return figures if row.config.get("receipts", True) else Figures(tried=figures.tried, errors=figures.errors)


def _last_shift(workspace_id: UUID, pool: str) -> datetime | None:
    newest = ChannelShift.objects.of(workspace_id).filter(pool=pool).order_by("-id").values_list("id", flat=True).first()
    return id_time(newest) if newest else None


def _tell(workspace_id: UUID, pool: str, shift: Shift, figures: Figures) -> None:
    ChannelShift.objects.create(
        workspace_id=workspace_id, pool=pool, source=shift.source, target=shift.target, points=shift.points, reason=shift.why.value, facts=asdict(figures)
    )  # fmt: skip
    for channel_id in (shift.source, shift.target):
        record_one(workspace_id, "channel.updated", channel_id)
    log.info("points move", extra={"pool": pool, "from": str(shift.source), "to": str(shift.target), "why": shift.why.value})


# ---- what waits at a carrier that cannot be reached


def _relieve(workspace_id: UUID) -> int:
    """Hand over, in batches, what others of the pool can take."""
    with workspace_scope(workspace_id):
        known = senders(workspace_id)
    handed = 0
    for stranded in known:
        others = [one for one in stand_ins(stranded, known) if one.there and one.enabled]
        if stranded.pool and others and stranded not in others and (not stranded.there or not stranded.enabled):
            while handed < MOST_HANDED_OVER and (count := _hand_over(workspace_id, stranded, known)):
                handed += count
    return handed


def _hand_over(workspace_id: UUID, stranded: Sender, known: Sequence[Sender]) -> int:
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        cursor.execute(sql.stranded, {"workspace_id": workspace_id, "channel_id": stranded.id, "limit": BATCH})
        waiting = cursor.fetchall()
        if waiting:
            targets = [route(stranded, identity_id, known, known=False) for _, identity_id in waiting]
            cursor.execute(sql.hand_over, {"workspace_id": workspace_id, "ids": [row[0] for row in waiting], "channel_ids": targets})
            wake(targets)
    return len(waiting)
