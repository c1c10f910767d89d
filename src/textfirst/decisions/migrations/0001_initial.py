import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import PartitionedTable, WorkspaceTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("database", "0001_foundation"), ("accounts", "0001_initial")]

    operations = [
        WorkspaceTable(
            name="DecisionPolicy",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("body", models.JSONField()),
            ],
            options={
                "db_table": "decision_policy",
                "constraints": [models.UniqueConstraint(fields=("workspace_id",), name="decision_policy_once")],
            },
        ),
        PartitionedTable(
            name="DecisionRecord",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("body", models.TextField()),
            ],
            options={"db_table": "decision"},
        ),
        PartitionedTable(
            name="MessageDecision",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("message_id", models.UUIDField()),
                ("decision_id", models.UUIDField()),
                ("consent_entry_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "message_decision",
                "indexes": [models.Index(fields=["workspace_id", "message_id"], name="message_decision_message")],
            },
        ),
    ]
