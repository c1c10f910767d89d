import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_heard_at_once")]

    operations = [
        WorkspaceTable(
            name="ConsentAttestation",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("reason", models.TextField()),
                ("by_user_id", models.UUIDField()),
                ("list_id", models.UUIDField(null=True)),
                ("import_id", models.UUIDField(null=True)),
                ("addresses", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_id", models.UUIDField(null=True)),
            ],
            options={"db_table": "consent_attestation"},
        ),
    ]
