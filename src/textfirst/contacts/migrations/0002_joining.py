import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [
        WorkspaceTable(
            name="ContactJoining",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("kept_id", models.UUIDField()),
                ("gone_id", models.UUIDField()),
                ("facts", models.JSONField()),
                ("by_user_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "contact_joining",
                "indexes": [models.Index(fields=["workspace_id", "kept_id"], name="contact_joining_kept")],
            },
        ),
    ]
