"""Columns that every table of ours has, and the key that ties two of them within one workspace."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from textfirst.core.ids import new_id

M = TypeVar("M", bound=models.Model)


class WorkspaceQuerySet(models.QuerySet[M]):
    """Rows are reached through the workspace that may see them."""

    def of(self, workspace_id: UUID) -> WorkspaceQuerySet[M]:
        return self.filter(workspace_id=workspace_id)


class WorkspaceModel(models.Model):
    """A table of ours: the model's key is `id`; migrations make the database's key `(workspace_id, id)`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.UUIDField(editable=False)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        abstract = True


class WorkspaceKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key inside one workspace.

    Django 5.2 has no foreign key to a composite key, so on its side there is no constraint; `WorkspaceTable` adds the
    composite one, `(workspace_id, x_id) → (workspace_id, id)`, with the same rule on delete.
    """

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        options["db_constraint"] = False
        options.setdefault("db_index", False)  # an index of ours begins with the workspace; the model names it
        options.setdefault("related_name", "+")
        super().__init__(to, on_delete, **options)
