"""Lists by cursor: `?limit=50&after=…` → `{"items": […], "next": "…" | null}`.

The cursor is the sort key of the last row, so a page costs the same however deep it is, and rows that come or go in between neither repeat nor
hide others. It is opaque to callers, yet not secret: a forged one can only ask for another place in the same list.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field as ModelField
from django.db.models import Model, Q, QuerySet
from ninja import Schema
from pydantic import Field

from textfirst.core.errors import InvalidInput

T = TypeVar("T")
M = TypeVar("M", bound=Model)

COUNTED_AT_MOST = 10_000  # a count stops here; 10000 is shown as "10,000 or more"


class Paging(Schema):
    """Query parameters of a list: `paging: Query[Paging]`."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50
    after: Annotated[str | None, Field(max_length=500, description="`next` of the page before.")] = None


class Page(Schema, Generic[T]):
    """`response=Page[LabelOut]`"""

    items: list[T]
    next: str | None = None


class CountedPage(Schema, Generic[T]):
    """A page that also says how many there are; 10000 means 10,000 or more."""

    items: list[T]
    next: str | None = None
    total: int


def page(
    rows: QuerySet[M], paging: Paging, *, by: Sequence[str] = ("-id",), shown: Callable[[list[M]], list[Any]] | None = None
) -> dict[str, Any]:
    """One page of `rows` ordered `by` fields (`-` for newest first); the last must be unique and none may be null.

    `shown` turns the page's rows into what is answered, for all of them at once. Raises InvalidInput for a cursor that is not of this list.
    """
    ordered = rows.order_by(*by)
    if paging.after:
        ordered = ordered.filter(_beyond(rows.model, by, _read(paging.after, len(by))))
    found = list(ordered[: paging.limit + 1])
    kept = found[: paging.limit]
    following = _write(kept[-1], by) if len(found) > paging.limit else None
    return {"items": shown(kept) if shown else kept, "next": following}


def capped_count(rows: QuerySet[Any]) -> int:
    """How many, counting no further than `COUNTED_AT_MOST`."""
    return rows.order_by()[:COUNTED_AT_MOST].count()


def _beyond(model: type[Model], by: Sequence[str], values: list[Any]) -> Q:
    """Rows after the cursor: (a, b, c) > (x, y, z), spelled out so that each field may run its own way."""
    condition, equal = Q(), Q()
    for name, value in zip(by, values, strict=True):
        field = name.lstrip("-")
        typed = _typed(model, field, value)
        condition |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": typed})
        equal &= Q(**{field: typed})
    first = by[0].lstrip("-")  # said twice: an index is entered by this bound, never by the alternatives above
    return condition & Q(**{f"{first}__{'lte' if by[0].startswith('-') else 'gte'}": _typed(model, first, values[0])})


def _typed(model: type[Model], name: str, value: Any) -> Any:
    try:
        field = model._meta.get_field(name)  # noqa: SLF001 - Django's own name
    except FieldDoesNotExist:
        return value  # an annotation: the JSON value serves
    try:
        return field.to_python(value) if isinstance(field, ModelField) else value
    except (ValidationError, ValueError, TypeError):
        raise _wrong() from None


def _write(row: Model, by: Sequence[str]) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in by]
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise _wrong() from None
    if not isinstance(values, list) or len(values) != length or any(not isinstance(value, int | float | str) for value in values):
        raise _wrong()
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise _wrong()
    return values


def _wrong() -> InvalidInput:
    return InvalidInput("This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."})
