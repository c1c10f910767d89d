"""Operations for migrations: workspace keys, composite foreign keys, row-level security, monthly partitions.

`WorkspaceTable` stands in for `CreateModel` for every table of ours; `PartitionedTable` for those that grow without end
(message, attempt, provider_ref, receipt, event, decision). Write a migration with `makemigrations`, then change the name of the operation;
`docs/guides/write-a-migration.md` shows it, and `tests/features/database/test_catalogue.py` fails where it was forgotten.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from textfirst.core import failpoints
from textfirst.database.fields import WorkspaceKey
from textfirst.database.partitions import create_partitions_sql
from textfirst.database.roles import APP_ROLE

MONTHS_AHEAD = 3

_ON_DELETE = {models.CASCADE: "on delete cascade", models.SET_NULL: "on delete set null", models.RESTRICT: "", models.PROTECT: ""}


class WorkspaceTable(CreateModel):
    """CreateModel whose database key is `(workspace_id, id)`, with composite foreign keys and row-level security."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's shape
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        self._create(model, schema_editor)
        if failpoints.armed:
            failpoints.reach("migration.table")
        for statement in [*_foreign_keys(model), *row_security_sql(model._meta.db_table), *self._extra(model)]:  # noqa: SLF001 - Django's own name
            schema_editor.execute(statement)

    def _create(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        sql, params = schema_editor.table_sql(model)
        schema_editor.execute(self._shape(sql), params or None)
        indexes = schema_editor._model_indexes_sql(model)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's create_model does
        schema_editor.deferred_sql.extend(indexes)

    def _shape(self, sql: str) -> str:
        """Django's CREATE TABLE with our primary key in place of its own."""
        shaped, count = re.subn(r'("id" uuid NOT NULL) PRIMARY KEY', r"\1", sql)
        if count != 1:
            raise ValueError(f"{self.name} has no uuid primary key named id: every table of ours needs one.")
        return f"{shaped[: shaped.rindex(')')]}, PRIMARY KEY (workspace_id, id))"

    def _extra(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table  # noqa: SLF001
        return [
            f'ALTER TABLE "{table}" ADD FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE',
            # With statistics, a workspace newer than the last ANALYZE is thought empty, every index of ours looks equally good, and a look-up
            # by address walks all of the workspace (measured: ten times slower at 2,000 contacts, worse with more). Without, it takes the right one.
            f'ALTER TABLE "{table}" ALTER COLUMN workspace_id SET STATISTICS 0',
        ]


class PartitionedTable(WorkspaceTable):
    """A WorkspaceTable in monthly partitions by the time in its UUIDv7 `id`.

    It carries no foreign keys: these tables take ten thousand rows a second, are written only by named SQL, and retention drops whole
    partitions (docs/adr/0003). Options: `fillfactor` for tables whose rows are updated in batches.
    """

    def __init__(
        self, name: str, fields: Any, options: Any = None, bases: Any = None, managers: Any = None, *, fillfactor: int = 100
    ) -> None:
        super().__init__(name, fields, options, bases, managers)
        self.fillfactor = fillfactor

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        name, args, kwargs = super().deconstruct()
        return name, list(args), {**kwargs, "fillfactor": self.fillfactor}

    def _shape(self, sql: str) -> str:
        return f"{super()._shape(sql)} PARTITION BY RANGE (id)"

    def _extra(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table  # noqa: SLF001
        return [
            f"INSERT INTO partitioned_table (name, fillfactor) VALUES ('{table}', {self.fillfactor})",  # noqa: S608 - our own names
            *create_partitions_sql(table, datetime.now(UTC), months_ahead=MONTHS_AHEAD, fillfactor=self.fillfactor),
        ]


def row_security_sql(table: str, column: str = "workspace_id") -> list[str]:
    """The one policy of every table of ours, and the rights of the bound role."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY workspace ON "{table}" USING ({column} = (SELECT textfirst_workspace()))',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {APP_ROLE}',
    ]


def _foreign_keys(model: type[models.Model]) -> list[str]:
    return [_composite_key(model, field) for field in model._meta.local_fields if isinstance(field, WorkspaceKey)]  # noqa: SLF001


def _composite_key(model: type[models.Model], field: WorkspaceKey) -> str:
    rule = _ON_DELETE[field.remote_field.on_delete].upper()  # type: ignore[index]  # every key of ours names a rule
    if rule.endswith("SET NULL"):
        rule += f' ("{field.column}")'  # PostgreSQL 15: only this column, never workspace_id
    table, target = model._meta.db_table, field.related_model._meta.db_table  # noqa: SLF001
    return f'ALTER TABLE "{table}" ADD FOREIGN KEY (workspace_id, "{field.column}") REFERENCES "{target}" (workspace_id, id) {rule}'
