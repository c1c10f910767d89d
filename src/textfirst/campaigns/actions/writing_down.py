"""An audience written down as recipients, a page at a time, inside PostgreSQL."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import FIRST_ID, execute, sql
from textfirst.campaigns.rules import read_audience
from textfirst.contacts.queries.groups import audience as audience_of
from textfirst.core.ids import new_id

COUNTER = 20  # low bits of an id that number the recipients of a page; the bits above are those of a fresh id, which rise from page to page

# A page is a walk along the index of contacts, whatever PostgreSQL believes about a workspace nobody has counted: anything that looks at all of the audience
# for each page costs its square (three imports of 50,000 into a list made a page last half a minute).
IN_ORDER = "select set_config(name, 'off', true) from unnest('{enable_hashjoin,enable_mergejoin,enable_sort,enable_seqscan,enable_bitmapscan}'::text[]) as s (name)"
ONCE = "on conflict (workspace_id, campaign_id, identity_id) do nothing"
MOST_ON_A_PAGE = (1 << COUNTER) - 1


class Page(NamedTuple):
    """What one page came to."""

    contacts: int
    last: UUID | None  # contact
    written: int  # recipients that were not there before


def write_page(row: Campaign, size: int) -> Page:
    """Write the next `size` contacts of the campaign's audience down, in the caller's transaction."""
    assert size <= MOST_ON_A_PAGE
    fragment = audience_of(row.workspace_id, read_audience(row.audience), walked=True)
    stem, first = _ids(row.cursor or FIRST_ID)
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "after": row.audience_cursor or FIRST_ID, "page": size}
    execute(IN_ORDER, {})
    return _written(sql.write_recipients.replace("{audience}", fragment.sql), {**fragment.params, **where, "stem": stem, "first": first})


def _written(statement: str, params: dict[str, Any]) -> Page:
    """The page. Hardly ever is anybody on it there already, as after a number has moved to another contact: looking first costs each a microsecond and a half."""
    try:
        with transaction.atomic():
            return Page(*execute(statement.replace("{once}", ""), params)[0])
    except IntegrityError:
        return Page(*execute(statement.replace("{once}", ONCE), params)[0])


def _ids(made: UUID) -> tuple[bytes, int]:
    """A fresh id in two halves, its lowest bits cleared for counting; the second half as PostgreSQL's signed number.

    Always beyond the last recipient `made` into a message: the page before may have been written by a machine whose clock was ahead, and whoever
    is numbered below that one would never be reached.
    """
    page = max(new_id().int >> COUNTER, (made.int >> COUNTER) + 1) << COUNTER
    fresh = page.to_bytes(16)
    return fresh[:8], int.from_bytes(fresh[8:], signed=True)
