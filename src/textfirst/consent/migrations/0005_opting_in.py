import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_better")]

    operations = [
        WorkspaceTable(
            name="ConsentForm",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("slug", models.TextField()),
                ("name", models.TextField()),
                ("keyword", models.TextField(default="")),
                ("scope", models.TextField(default="marketing")),
                ("texts", models.JSONField(default=dict)),
                ("privacy_url", models.TextField(default="")),
                ("terms_url", models.TextField(default="")),
                ("enabled", models.BooleanField(default=True)),
                ("heard_xid", models.BigIntegerField(default=0)),
                ("heard_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "consent_form",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "slug"), name="consent_form_slug"),
                    models.UniqueConstraint(
                        condition=models.Q(("keyword", ""), _negated=True), fields=("workspace_id", "keyword"), name="consent_form_keyword"
                    ),
                ],
                "indexes": [models.Index(fields=["slug"], name="consent_form_found")],
            },
        ),
        WorkspaceTable(
            name="ConsentRequest",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("form_id", models.UUIDField()),
                ("address_hash", models.BinaryField()),
                ("token_hash", models.BinaryField()),
                ("language", models.TextField(default="")),
                ("shown", models.TextField(default="")),
                ("words", models.TextField(default="")),
                ("ip", models.TextField(default="")),
                ("user_agent", models.TextField(default="")),
                ("message_id", models.UUIDField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "consent_request",
                "indexes": [
                    models.Index(fields=["workspace_id", "address_hash", "id"], name="consent_request_address"),
                    models.Index(fields=["token_hash"], name="consent_request_token"),
                ],
            },
        ),
    ]
