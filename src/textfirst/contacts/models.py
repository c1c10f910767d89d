"""People, the addresses they are reached by, and the groups they are in."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower

from textfirst.database.fields import WorkspaceKey, WorkspaceModel


class Contact(WorkspaceModel):
    """A person the business talks with."""

    first_name = models.TextField(default="")
    last_name = models.TextField(default="")
    language = models.CharField(max_length=8, default="")
    time_zone = models.TextField(default="")
    birthday = models.DateField(null=True)
    attributes = models.JSONField(default=dict)  # text keys, text values
    blocked = models.BooleanField(default=False)  # we ignore them; stopped (they told us) is a suppression
    country = models.CharField(max_length=2, db_default="")  # ISO 3166-1: where they live, when it is known
    region = models.CharField(max_length=3, db_default="")  # the part of it, as ISO 3166-2 after the dash
    prefers = models.SmallIntegerField(db_default=0)  # decisions.types: how they asked to be reached, 0 nothing said
    own_cap = models.SmallIntegerField(null=True)  # at most so many marketing messages a week, chosen by them
    search_text = models.TextField(default="")  # name and addresses, lower case, kept by actions
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "contact"
        indexes = (GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="contact_search"),)


class ContactIdentity(WorkspaceModel):
    """An address of a contact, `tel:+30…`. `version` rises with whatever can change a decision about this address."""

    contact = WorkspaceKey(Contact, on_delete=models.CASCADE)
    scheme = models.TextField(default="tel")
    address = models.TextField()  # E.164 for tel
    address_hash = models.BinaryField()  # HMAC-SHA256, as suppressions are keyed
    version = models.BigIntegerField(default=1)
    last_inbound_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "contact_identity"
        constraints = (
            # address first: docs/explain/performance.md, "traps"
            models.UniqueConstraint(fields=("workspace_id", "address", "scheme"), name="contact_identity_address"),
            models.CheckConstraint(condition=models.Q(scheme__regex=r"^[a-z]+$"), name="contact_identity_scheme"),
            models.CheckConstraint(condition=~models.Q(address=""), name="contact_identity_not_empty"),
        )
        indexes = (
            models.Index(fields=("workspace_id", "contact"), name="contact_identity_contact"),
            models.Index(fields=("workspace_id", "address_hash"), name="contact_identity_hash"),
        )


class Label(WorkspaceModel):
    name = models.TextField()
    color = models.TextField(default="gray")

    class Meta:
        db_table = "label"
        constraints = (models.UniqueConstraint("workspace_id", Lower("name"), name="label_name"),)


class ContactLabel(WorkspaceModel):
    contact = WorkspaceKey(Contact, on_delete=models.CASCADE)
    label = WorkspaceKey(Label, on_delete=models.CASCADE)

    class Meta:
        db_table = "contact_label"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "label", "contact"), name="contact_label_once"),)
        indexes = (models.Index(fields=("workspace_id", "contact"), name="contact_label_contact"),)


class ContactList(WorkspaceModel):
    """A fixed group of contacts (a segment is a rule)."""

    name = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "contact_list"
        constraints = (models.UniqueConstraint("workspace_id", Lower("name"), name="contact_list_name"),)


class ContactListMember(WorkspaceModel):
    contact_list = WorkspaceKey(ContactList, on_delete=models.CASCADE)
    contact = WorkspaceKey(Contact, on_delete=models.CASCADE)

    class Meta:
        db_table = "contact_list_member"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "contact_list", "contact"), name="contact_list_member_once"),)
        indexes = (models.Index(fields=("workspace_id", "contact"), name="contact_list_member_contact"),)


class Segment(WorkspaceModel):
    """A rule over contacts, evaluated when used."""

    name = models.TextField()
    rule = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "segment"
        constraints = (models.UniqueConstraint("workspace_id", Lower("name"), name="segment_name"),)


class ContactImport(WorkspaceModel):
    """One uploaded file on its way into contacts. `rows_done` is the point to resume from."""

    file_name = models.TextField()
    stored_as = models.TextField()  # file under the uploads folder
    shape = models.JSONField(default=dict)  # encoding, delimiter, sheet, header, columns
    mapping = models.JSONField(default=dict)  # column → field
    contact_list = WorkspaceKey(ContactList, on_delete=models.SET_NULL, null=True)
    country = models.CharField(max_length=2)
    state = models.TextField(default="uploaded")  # uploaded | running | stopping | stopped | done | failed
    rows_total = models.IntegerField(null=True)
    rows_done = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    problem = models.TextField(default="")  # why the whole file could not go on
    consent = models.JSONField(null=True)  # what the team says these people agreed to; api/v1/imports.ConsentClaim
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_import"


class ContactImportError(WorkspaceModel):
    """One row that could not be imported, and why; the cells are kept so that the report can be mended and sent again."""

    contact_import = WorkspaceKey(ContactImport, on_delete=models.CASCADE)
    row = models.IntegerField()  # as the spreadsheet counts, from 1
    column = models.TextField(default="")
    code = models.TextField()
    facts = models.JSONField(default=dict)
    cells = models.JSONField(default=list)

    class Meta:
        db_table = "contact_import_error"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "contact_import", "row"), name="contact_import_error_row"),)


class ContactJoining(WorkspaceModel):
    """Two contacts became one: who did it, and what is needed to part them again."""

    kept_id = models.UUIDField()
    gone_id = models.UUIDField()
    facts = models.JSONField()  # types.Joined
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_joining"
        indexes = (models.Index(fields=("workspace_id", "kept_id"), name="contact_joining_kept"),)
