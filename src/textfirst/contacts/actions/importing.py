"""Running an import: rows in batches, each batch one transaction.

    read a batch of rows (pure) → lock the contacts they are about → lay the rows on them (pure) → write → move `rows_done` → commit

`rows_done` moves with the rows it counts, so a process that dies leaves whole batches behind and the next one goes on after the last of them. The
import's row is locked first: two runners of one import cannot both write the same batch; the one who finds `rows_done` moved leaves.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from textfirst.contacts.actions.groups import add_to_lists, label_pairs
from textfirst.contacts.actions.identities import address_key, bump
from textfirst.contacts.adapters.csv_files import Record, stored_records
from textfirst.contacts.models import ContactImport
from textfirst.contacts.queries.contacts import run_many, sql
from textfirst.contacts.queries.imports import data_file, reading_of, shape_of
from textfirst.contacts.registry import import_followers
from textfirst.contacts.rules.headers import LABEL
from textfirst.contacts.rules.merging import FIELDS, Held, Outcome, lay
from textfirst.contacts.rules.names import label_key
from textfirst.contacts.rules.rows import broken_row, is_blank, read_row
from textfirst.contacts.types import ImportState, Reading, ReadRow, RowProblem
from textfirst.core import failpoints
from textfirst.core.addresses import Address, address_hash
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.actions import record_one

BATCH = 2000  # rows: long enough to be fast, short enough to stop within a second
MOST_RACES = 5  # how often a batch is laid again because somebody else made one of its addresses first
BETWEEN_EVENTS = 0.5  # seconds

log = logging.getLogger(__name__)


class _Raced(Exception):
    """An address of this batch was made by somebody else meanwhile."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows read, whose effect does not yet depend on the database."""

    records: int
    rows: list[tuple[ReadRow, tuple[str, ...]]]
    problems: list[RowProblem]


def run_import(workspace_id: UUID, import_id: UUID, today: date, *, clock: Callable[[], float] = time.monotonic) -> None:
    """Run an import to its end, or until somebody stops it. Safe to call again after any interruption."""
    found = _begin(workspace_id, import_id)
    if found is None:
        return
    try:
        _run(found, today, clock)
    except OSError as error:
        log.exception("import failed", extra={"import_id": str(import_id)})
        give_up(workspace_id, import_id, "file_lost" if isinstance(error, FileNotFoundError) else "file_unreadable")


def _run(found: ContactImport, today: date, clock: Callable[[], float]) -> None:
    shape, reading = shape_of(found), reading_of(found, today)
    announced = clock()
    with stored_records(data_file(found), shape.encoding, shape.delimiter, skip=found.rows_done + shape.has_header) as records:
        for batch in _batches(records, reading):
            now = clock()
            announce = now - announced >= BETWEEN_EVENTS
            announced = now if announce else announced
            if not _write_batch(found, batch, reading, announce=announce):
                return
    _finish(found)


def _batches(records: Iterable[Record], reading: Reading) -> Iterator[_Batch]:
    iterator = iter(records)
    while chunk := list(islice(iterator, BATCH)):
        yield _read_batch(chunk, reading)


def _read_batch(records: Sequence[Record], reading: Reading) -> _Batch:
    batch = _Batch(len(records), [], [])
    for record in records:
        if is_blank(record.cells) and not record.broken:
            continue
        read = broken_row(record.number, record.cells, record.broken) if record.broken else read_row(record.number, record.cells, reading)
        if isinstance(read, RowProblem):
            batch.problems.append(read)
        else:
            batch.rows.append((read, record.cells))
    return batch


# ---- the life of an import


def _begin(workspace_id: UUID, import_id: UUID) -> ContactImport | None:
    """The import, if it is to run. One that was asked to stop before it began is stopped."""
    with workspace_scope(workspace_id):
        found = ContactImport.objects.of(workspace_id).select_for_update().filter(id=import_id).first()
        if found is not None and found.state == ImportState.STOPPING:
            _settle(found, ImportState.STOPPED)
        return found if found is not None and found.state == ImportState.RUNNING else None


def _finish(found: ContactImport) -> None:
    with workspace_scope(found.workspace_id):
        current = ContactImport.objects.of(found.workspace_id).select_for_update().get(id=found.id)
        if current.state in {ImportState.RUNNING, ImportState.STOPPING} and current.rows_done == found.rows_done:
            current.rows_total = current.rows_done
            _settle(current, ImportState.DONE)
            record_one(found.workspace_id, "contacts.changed", found.workspace_id)


def give_up(workspace_id: UUID, import_id: UUID, problem: str = "broken") -> None:
    """The import has failed, for a reason of `imports.PROBLEMS`; the rows that are in stay, and it can be resumed."""
    with workspace_scope(workspace_id):
        current = ContactImport.objects.of(workspace_id).select_for_update().filter(id=import_id, state=ImportState.RUNNING).first()
        if current is not None:
            current.problem = problem
            _settle(current, ImportState.FAILED)


def _settle(found: ContactImport, state: ImportState) -> None:
    found.state = state.value
    fields = ["state", "rows_total", "problem"]
    if state in {ImportState.DONE, ImportState.FAILED}:
        found.finished_at = Now()
        fields.append("finished_at")
    found.save(update_fields=fields)
    announce(found)


def announce(found: ContactImport) -> None:
    """Tell who watches how far it is."""
    record_one(
        found.workspace_id, "import.updated", found.id, state=found.state, rows_done=found.rows_done, rows_total=found.rows_total,
        created=found.created, updated=found.updated, unchanged=found.unchanged, failed=found.failed,
    )  # fmt: skip


# ---- one batch


def _write_batch(found: ContactImport, batch: _Batch, reading: Reading, *, announce: bool) -> bool:
    """Whether to go on."""
    for _ in range(MOST_RACES):
        try:
            with workspace_scope(found.workspace_id):
                return _lay_batch(found, batch, reading, tell=announce)
        except _Raced:
            continue
    raise RuntimeError("The addresses of one batch were made by others five times in a row.")


def _lay_batch(found: ContactImport, batch: _Batch, reading: Reading, *, tell: bool) -> bool:
    current = ContactImport.objects.of(found.workspace_id).select_for_update().filter(id=found.id).first()
    if current is None or current.rows_done != found.rows_done:
        return False  # deleted, or another process runs it
    if current.state != ImportState.RUNNING:
        if current.state == ImportState.STOPPING:
            _settle(current, ImportState.STOPPED)
        return False
    list_id = current.contact_list_id
    known = _known(current, [address for row, _ in batch.rows for address in row.addresses], with_labels=LABEL in reading.mapping.values())
    outcome = lay(batch.rows, known, to_list=list_id is not None)
    unclear = {problem.row for problem in outcome.problems}
    _write(current, outcome, [row for row, _ in batch.rows if row.row not in unclear])
    _write_problems(current, [*batch.problems, *outcome.problems])
    _move(current, batch, outcome)
    if failpoints.armed:
        failpoints.reach("import.batch")
    if tell:
        announce(current)
    found.rows_done = current.rows_done
    return True


def _known(found: ContactImport, addresses: Sequence[Address], *, with_labels: bool) -> list[Held]:
    if not addresses:
        return []
    params = {
        "workspace_id": found.workspace_id, "schemes": [a.scheme for a in addresses], "addresses": [a.address for a in addresses],
        "with_labels": with_labels, "list_id": found.contact_list_id,
    }  # fmt: skip
    return [_held(row) for row in run_many(sql.import_known, params)]


def _held(row: Sequence[Any]) -> Held:
    id_, *fields, said, urns, labels, listed = row
    attributes = json.loads(said) if isinstance(said, str) else said
    addresses = {Address(*urn.split(":", 1)) for urn in urns}
    return Held(id_, dict(zip(FIELDS, fields, strict=True)), attributes, addresses, {label_key(name) for name in labels}, listed)


def _write(current: ContactImport, outcome: Outcome, rows: Sequence[ReadRow]) -> None:
    workspace_id, list_id = current.workspace_id, current.contact_list_id
    _write_contacts(sql.import_create, workspace_id, [held for held in outcome.contacts if held.new])
    _write_contacts(
        sql.import_update,
        workspace_id,
        sorted((held for held in outcome.contacts if held.changed and not held.new), key=lambda held: held.id),
    )
    _write_addresses(workspace_id, outcome.contacts)
    _write_labels(workspace_id, outcome.contacts)
    if list_id is not None:
        add_to_lists(workspace_id, [held.id for held in outcome.contacts if held.to_list], [list_id])
    for follow in import_followers:
        follow(current, rows)
    if moved := [held.id for held in outcome.contacts if held.moved]:
        bump(workspace_id, moved)


def _write_contacts(statement: str, workspace_id: UUID, contacts: Sequence[Held]) -> None:
    if contacts:
        columns = {name: [held.fields[name] for held in contacts] for name in FIELDS}
        attributes = [json.dumps(held.attributes, ensure_ascii=False) for held in contacts]
        search_texts = [held.search_text for held in contacts]
        ids = [held.id for held in contacts]
        run_many(statement, {"workspace_id": workspace_id, "ids": ids, **columns, "attributes": attributes, "search_texts": search_texts})


def _write_addresses(workspace_id: UUID, contacts: Sequence[Held]) -> None:
    """Raises _Raced when somebody else has made one of them since `_known` looked."""
    fresh = [(held.id, address) for held in contacts for address in held.new_addresses]
    if not fresh:
        return
    key = address_key()
    params = {
        "workspace_id": workspace_id, "ids": [new_id() for _ in fresh], "contact_ids": [id_ for id_, _ in fresh],
        "schemes": [a.scheme for _, a in fresh], "addresses": [a.address for _, a in fresh],
        "hashes": [address_hash(key, workspace_id, a) for _, a in fresh],
    }  # fmt: skip
    if len(run_many(sql.import_addresses, params)) != len(fresh):
        raise _Raced


def _write_labels(workspace_id: UUID, contacts: Sequence[Held]) -> None:
    names = {key: name for held in contacts for key, name in held.new_labels.items()}
    if not names:
        return
    rows = run_many(sql.import_labels, {"workspace_id": workspace_id, "ids": [new_id() for _ in names], "names": list(names.values())})
    ids = {label_key(name): id_ for id_, name in rows}
    if names.keys() - ids.keys():
        raise _Raced  # a label made by somebody else, not yet visible to this statement
    label_pairs(workspace_id, [(held.id, ids[key]) for held in contacts for key in held.new_labels])


def _write_problems(found: ContactImport, problems: Sequence[RowProblem]) -> None:
    if problems:
        params = {
            "workspace_id": found.workspace_id, "import_id": found.id, "ids": [new_id() for _ in problems],
            "numbers": [p.row for p in problems], "columns": [p.column for p in problems], "codes": [p.code for p in problems],
            "facts": [json.dumps(p.facts) for p in problems], "cells": [json.dumps(p.cells) for p in problems],
        }  # fmt: skip
        run_many(sql.import_errors, params)


def _move(current: ContactImport, batch: _Batch, outcome: Outcome) -> None:
    current.rows_done += batch.records
    current.created += outcome.created
    current.updated += outcome.updated
    current.unchanged += outcome.unchanged
    current.failed += len(batch.problems) + len(outcome.problems)
    current.save(update_fields=["rows_done", "created", "updated", "unchanged", "failed"])
