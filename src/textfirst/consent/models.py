"""Who told us to stop, and the entries that prove it."""

from __future__ import annotations

from django.db import models

from textfirst.database.fields import WorkspaceModel


class Suppression(WorkspaceModel):
    """An address nobody in the workspace may text. Keyed by HMAC so that it survives erasure, re-import and merging."""

    address_hash = models.BinaryField()
    scope = models.TextField(default="all")
    source = models.TextField()  # keyword | person | import | provider
    entry_id = models.UUIDField()
    stopped_at = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "address_hash", "scope"), name="suppression_once"),)


class ConsentStanding(WorkspaceModel):
    """What stands for one address now: the one row that decisions read. No row: nothing is known.

    It follows from suppressions (a trigger mirrors them into `stopped`) and from the ledger; keyed by HMAC like a suppression, it says nothing of
    who it is and outlives an erasure.
    """

    address_hash = models.BinaryField()
    stopped = models.IntegerField(db_default=0)  # mask: bit 0 everything, bit n the Purpose n
    held = models.BooleanField(db_default=False)  # a suspected opt-out waits for a person
    promotion_kind = models.SmallIntegerField(null=True)  # types.Kind of the best permission in force
    promotion_until = models.DateTimeField(null=True)
    promotion_entry = models.UUIDField(null=True)
    greeting_kind = models.SmallIntegerField(null=True)
    greeting_until = models.DateTimeField(null=True)
    greeting_entry = models.UUIDField(null=True)
    any_hour_entry = models.UUIDField(null=True)  # their wish to get marketing at any hour (X1); null: none
    withdrawn_at = models.DateTimeField(null=True)  # permissions given until then do not count
    promotion_withdrawn_at = models.DateTimeField(null=True)  # … those for promotions, where only these were withdrawn
    greeting_withdrawn_at = models.DateTimeField(null=True)
    dnc_listed = models.BooleanField(null=True)  # null: not known
    dnc_checked_on = models.DateField(null=True)
    reassigned_on = models.DateField(null=True)  # the number went to somebody else
    reassigned_checked_on = models.DateField(null=True)

    class Meta:
        db_table = "consent_standing"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "address_hash"), name="consent_standing_once"),)


class ConsentEntry(WorkspaceModel):
    """One thing that happened to somebody's consent; the database refuses to change or delete it, and a seal covers every column.

    Nothing here says who it is or what they wrote: that is in ConsentPerson, of which this row keeps the salted digest.
    """

    kind = models.TextField()  # types.Kind and types.Deed, as words
    scope = models.TextField(default="all")  # all, marketing, or a purpose's word
    channels = models.TextField(db_default="")  # kinds of channel it is about, by commas; empty: any
    address_hash = models.BinaryField()
    contact_id = models.UUIDField(null=True)
    channel_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    source = models.TextField()
    keyword = models.TextField(default="")  # what we recognised
    text_hash = models.BinaryField(null=True)  # ConsentText: what they were shown
    language = models.TextField(db_default="")
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField()  # when it happened; when it was written down is in the id
    expires_at = models.DateTimeField(null=True)
    digest = models.BinaryField(null=True)  # of the ConsentPerson of the same id

    class Meta:
        db_table = "consent_entry"
        indexes = (models.Index(fields=("workspace_id", "address_hash", "id"), name="consent_entry_address"),)


class ConsentPerson(WorkspaceModel):
    """The personal side of an entry, of the same id. An erasure deletes it with its salt, and the chain still verifies."""

    salt = models.BinaryField()
    address = models.TextField(default="")  # tel:+30…, as it was then
    words = models.TextField(default="")  # what they wrote
    origin = models.TextField(default="")  # the page, file or program it came from
    ip = models.TextField(default="")
    user_agent = models.TextField(default="")
    note = models.TextField(default="")  # what the team says about it

    class Meta:
        db_table = "consent_person"


class ConsentText(WorkspaceModel):
    """The exact words that people were shown, once for all who saw them."""

    text_hash = models.BinaryField()  # SHA-256 of the words
    language = models.TextField(default="")
    words = models.TextField()

    class Meta:
        db_table = "consent_text"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "text_hash"), name="consent_text_once"),)


class ConsentUnsealed(WorkspaceModel):
    """An entry that waits for its seal, of the entry's id: written by a trigger with the entry, so that one that commits late is not passed over."""

    class Meta:
        db_table = "consent_unsealed"


class ConsentSeal(WorkspaceModel):
    """A link of the workspace's chain: the Merkle root of a batch of entries, and the seal before it."""

    number = models.BigIntegerField()  # from 1, without gaps
    entries = models.IntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    seal = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "consent_seal"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "number"), name="consent_seal_number"),)


class ConsentSealed(WorkspaceModel):
    """Where an entry, of the same id, stands in the chain."""

    number = models.BigIntegerField()
    place = models.IntegerField()  # in its batch, from 0

    class Meta:
        db_table = "consent_sealed"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "number", "place"), name="consent_sealed_place"),)


class ConsentCheck(WorkspaceModel):
    """A look through the whole chain: when, how much, and what was wrong."""

    at = models.DateTimeField()
    entries = models.BigIntegerField()
    seals = models.BigIntegerField()
    problems = models.JSONField(default=list)  # types.Problem
    seconds = models.FloatField()

    class Meta:
        db_table = "consent_check"


class ConsentAttestation(WorkspaceModel):
    """Somebody answered for people without proof, with a reason: those of a list, of an import, or all. Each of them has an entry besides."""

    reason = models.TextField()
    by_user_id = models.UUIDField()
    list_id = models.UUIDField(null=True)
    import_id = models.UUIDField(null=True)
    addresses = models.IntegerField()  # when it was said
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)  # they no longer answer for it
    undone_by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "consent_attestation"


class ConsentForm(WorkspaceModel):
    """A way to join by oneself: a public page at `/join/<slug>`, and a word to text."""

    slug = models.TextField()
    name = models.TextField()
    keyword = models.TextField(default="")  # as rules.words.normalised writes it; empty: none
    scope = models.TextField(default="marketing")
    texts = models.JSONField(
        default=dict
    )  # language → {about, words, any_hour}: what is sent and how often; the words beside the box; those beside the box for any hour, if there is one
    privacy_url = models.TextField(default="")
    terms_url = models.TextField(default="")
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "consent_form"
        constraints = (
            models.UniqueConstraint(fields=("workspace_id", "slug"), name="consent_form_slug"),
            models.UniqueConstraint(fields=("workspace_id", "keyword"), condition=~models.Q(keyword=""), name="consent_form_keyword"),
        )
        indexes = (models.Index(fields=("slug",), name="consent_form_found"),)


class ConsentRequest(WorkspaceModel):
    """Somebody asked to join and was asked once whether it was them (C3). The token is kept as its hash."""

    form_id = models.UUIDField()
    address_hash = models.BinaryField()
    token_hash = models.BinaryField()
    language = models.TextField(default="")
    shown = models.TextField(default="")
    shown_any_hour = models.TextField(db_default="", default="")  # the words beside the box for any hour; empty: not checked
    words = models.TextField(default="")  # what they texted
    ip = models.TextField(default="")
    user_agent = models.TextField(default="")
    message_id = models.UUIDField(null=True)  # the text that asked
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # confirmed; a token and a YES count once

    class Meta:
        db_table = "consent_request"
        indexes = (
            models.Index(fields=("workspace_id", "address_hash", "id"), name="consent_request_address"),
            models.Index(fields=("token_hash",), name="consent_request_token"),
        )
