"""Labels, lists and segments, and who is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from textfirst.contacts.models import ContactLabel, ContactList, ContactListMember, Label, Segment
from textfirst.contacts.queries.contacts import contact_ids, run_many, sql
from textfirst.contacts.rules.names import clean_name
from textfirst.contacts.rules.rows import LONGEST_LABEL
from textfirst.contacts.rules.segments import named_ids, read_rule, write_rule
from textfirst.contacts.types import Filter
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.ids import new_id
from textfirst.core.words import say
from textfirst.events.actions import record_one

G = TypeVar("G", Label, ContactList, Segment)

COLORS = ("gray", "red", "pink", "grape", "violet", "indigo", "blue", "cyan", "teal", "green", "lime", "yellow", "orange")
BULK = 5000  # contacts at a time
LONGEST_NAME = 100  # of a list or segment


# ---- labels


def create_label(workspace_id: UUID, *, name: str, color: str = "gray") -> Label:
    """Raises Conflict when the name is taken, in capitals or not."""
    label = Label(workspace_id=workspace_id, name=_label_name(name), color=_color(color))
    _save(label, "label")
    return label


def update_label(workspace_id: UUID, label_id: UUID, *, name: str | None = None, color: str | None = None) -> Label:
    label = _get(Label, workspace_id, label_id, "label")
    label.name = label.name if name is None else _label_name(name)
    label.color = label.color if color is None else _color(color)
    _save(label, "label")
    return label


def delete_label(workspace_id: UUID, label_id: UUID) -> None:
    """Its contacts stay; they lose the label."""
    _delete(Label, workspace_id, label_id, "label")


# ---- lists


def create_list(workspace_id: UUID, *, name: str) -> ContactList:
    made = ContactList(workspace_id=workspace_id, name=_group_name(name))
    _save(made, "list")
    return made


def rename_list(workspace_id: UUID, list_id: UUID, *, name: str) -> ContactList:
    found = _get(ContactList, workspace_id, list_id, "list")
    found.name = _group_name(name)
    _save(found, "list")
    return found


def delete_list(workspace_id: UUID, list_id: UUID) -> None:
    """Its contacts stay."""
    _delete(ContactList, workspace_id, list_id, "list")


# ---- segments


def create_segment(workspace_id: UUID, *, name: str, rule: Any) -> Segment:
    """Raises InvalidInput where the rule makes no sense or names a label or list that is none."""
    segment = Segment(workspace_id=workspace_id, name=_group_name(name), rule=_checked_rule(workspace_id, rule))
    _save(segment, "segment")
    return segment


def update_segment(workspace_id: UUID, segment_id: UUID, *, name: str | None = None, rule: Any = None) -> Segment:
    segment = _get(Segment, workspace_id, segment_id, "segment")
    segment.name = segment.name if name is None else _group_name(name)
    segment.rule = segment.rule if rule is None else _checked_rule(workspace_id, rule)
    _save(segment, "segment")
    return segment


def delete_segment(workspace_id: UUID, segment_id: UUID) -> None:
    _delete(Segment, workspace_id, segment_id, "segment")


def _checked_rule(workspace_id: UUID, given: Any) -> dict[str, Any]:
    rule = read_rule(given)
    check_labels(workspace_id, list(named_ids(rule, "label")), "rule")
    check_lists(workspace_id, list(named_ids(rule, "list")), "rule")
    return write_rule(rule)


# ---- who is in them


def check_labels(workspace_id: UUID, ids: Sequence[UUID], field: str = "labels") -> None:
    """Raises InvalidInput unless they are all labels of this workspace."""
    if Label.objects.of(workspace_id).filter(id__in=ids).count() != len(set(ids)):
        raise InvalidInput("There is no such label.", fields={field: "There is no such label."})


def check_lists(workspace_id: UUID, ids: Sequence[UUID], field: str = "lists") -> None:
    """Raises InvalidInput unless they are all lists of this workspace."""
    if ContactList.objects.of(workspace_id).filter(id__in=ids).count() != len(set(ids)):
        raise InvalidInput("There is no such list.", fields={field: "There is no such list."})


def set_labels(workspace_id: UUID, contact_id: UUID, ids: Sequence[UUID]) -> None:
    """The labels of a contact are these from now on."""
    check_labels(workspace_id, ids)
    _remove(ContactLabel.objects.of(workspace_id).filter(contact_id=contact_id).exclude(label_id__in=ids))
    add_labels(workspace_id, [contact_id], ids)


def set_lists(workspace_id: UUID, contact_id: UUID, ids: Sequence[UUID]) -> None:
    """The lists of a contact are these from now on."""
    check_lists(workspace_id, ids)
    _remove(ContactListMember.objects.of(workspace_id).filter(contact_id=contact_id).exclude(contact_list_id__in=ids))
    add_to_lists(workspace_id, [contact_id], ids)


def add_labels(workspace_id: UUID, contacts: Sequence[UUID], labels: Sequence[UUID]) -> None:
    _pairs(sql.add_labels, workspace_id, [(contact, label) for contact in contacts for label in labels])


def add_to_lists(workspace_id: UUID, contacts: Sequence[UUID], lists: Sequence[UUID]) -> None:
    _pairs(sql.add_to_lists, workspace_id, [(contact, list_) for contact in contacts for list_ in lists])


def label_pairs(workspace_id: UUID, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Give labels: (contact, label) each."""
    _pairs(sql.add_labels, workspace_id, pairs)


def _pairs(statement: str, workspace_id: UUID, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    if pairs:
        contacts, groups = zip(*sorted(pairs), strict=True)
        run_many(
            statement,
            {"workspace_id": workspace_id, "ids": [new_id() for _ in pairs], "contact_ids": list(contacts), "group_ids": list(groups)},
        )


@transaction.atomic
def change_many(
    workspace_id: UUID,
    wanted: Filter,
    *,
    add_label_ids: Sequence[UUID] = (),
    remove_label_ids: Sequence[UUID] = (),
    add_list_ids: Sequence[UUID] = (),
    remove_list_ids: Sequence[UUID] = (),
) -> int:
    """Labels and lists of all contacts of a filter, however many; says how many contacts that are."""
    check_labels(workspace_id, [*add_label_ids, *remove_label_ids], "add_labels")
    check_lists(workspace_id, [*add_list_ids, *remove_list_ids], "add_lists")
    chosen = list(_pages(workspace_id, wanted))  # before anything changes: the filter may ask for what is about to change
    for contacts in chosen:
        add_labels(workspace_id, contacts, add_label_ids)
        add_to_lists(workspace_id, contacts, add_list_ids)
        _remove(ContactLabel.objects.of(workspace_id).filter(contact_id__in=contacts, label_id__in=remove_label_ids))
        _remove(ContactListMember.objects.of(workspace_id).filter(contact_id__in=contacts, contact_list_id__in=remove_list_ids))
    if chosen:
        record_one(workspace_id, "contacts.changed", workspace_id)
    return sum(map(len, chosen))


def _remove(rows: models.QuerySet[Any]) -> int:
    """Delete in one statement; the database cascades by its composite keys, where Django would fetch every row first."""
    return rows._raw_delete(using=rows.db) or 0  # noqa: SLF001 - Django's own way to skip its collector; None when nothing was asked


def _pages(workspace_id: UUID, wanted: Filter) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while page := contact_ids(workspace_id, wanted, after=after, limit=BULK):
        yield page
        after = page[-1]


# ---- common to labels, lists and segments


def _get(model: type[G], workspace_id: UUID, id_: UUID, what: str) -> G:
    found: G | None = model.objects.of(workspace_id).filter(id=id_).first()
    if found is None:
        raise _missing(what)
    return found


def _save(thing: models.Model, what: str) -> None:
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        raise Conflict(_TAKEN[what], code="name_taken", fields={"name": _TAKEN[what]}) from None


def _delete(model: type[Any], workspace_id: UUID, id_: UUID, what: str) -> None:
    if not _remove(model.objects.of(workspace_id).filter(id=id_)):
        raise _missing(what)


_TAKEN = {
    "label": "There is a label with this name already.",
    "list": "There is a list with this name already.",
    "segment": "There is a segment with this name already.",
}


def _missing(what: str) -> NotFound:
    return NotFound(_NONE[what], code=f"{what}_not_found")


_NONE = {"label": "There is no such label.", "list": "There is no such list.", "segment": "There is no such segment."}


def _label_name(given: str) -> str:
    name = clean_name(given)
    if not name or len(name) > LONGEST_LABEL or any(mark in name for mark in ",;|،"):
        sentence = say("A label's name has 1 to {most} characters, without commas, semicolons and bars.", most=LONGEST_LABEL)
        raise InvalidInput(sentence, fields={"name": sentence})
    return name


def _group_name(given: str) -> str:
    name = clean_name(given)
    if not name or len(name) > LONGEST_NAME:
        sentence = say("A name has 1 to {most} characters.", most=LONGEST_NAME)
        raise InvalidInput(sentence, fields={"name": sentence})
    return name


def _color(given: str) -> str:
    if given not in COLORS:
        sentence = say("The color is one of: {colors}.", colors=", ".join(COLORS))
        raise InvalidInput(sentence, fields={"color": sentence})
    return given
