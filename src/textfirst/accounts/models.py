"""Workspaces, the people in them, and the keys programs use."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from textfirst.core.ids import new_id
from textfirst.database.fields import WorkspaceModel


class Workspace(models.Model):
    """One firm: its contacts, channels and messages, closed to every other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField()
    country = models.CharField(max_length=2)  # ISO 3166: how local numbers are read
    time_zone = models.TextField()  # IANA
    language = models.CharField(max_length=8, default="en")
    languages = models.JSONField(default=list)  # what the customers write
    retention_months = models.JSONField(default=dict)  # kind of data → months, absent keeps
    version = models.BigIntegerField(default=1)  # bumped by whatever can change a decision for everybody
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "workspace"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who logs in; global, for one person may work in several workspaces."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # noqa: RUF012 - Django's own shape

    class Meta:
        db_table = "account_user"
        constraints = (models.UniqueConstraint(Lower("email"), name="account_user_email"),)


class Membership(WorkspaceModel):
    """Who works in a workspace, and as what."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = (
            models.UniqueConstraint(fields=("workspace_id", "user"), name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=["owner", "admin", "agent", "viewer"]), name="membership_role"),
        )


class Invitation(WorkspaceModel):
    """A place offered to somebody by e-mail; the token itself is never stored."""

    email = models.EmailField()
    role = models.TextField()
    token_hash = models.BinaryField(db_index=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"


class ApiKey(WorkspaceModel):
    """A program's key. Only its SHA-256 is kept (the secret has 192 random bits, so no salt is needed)."""

    name = models.TextField()
    kind = models.TextField()  # live | test
    hint = models.TextField()  # the last four characters, to tell keys apart
    secret_hash = models.BinaryField(db_index=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=["live", "test"]), name="api_key_kind"),)
