from django.db import migrations, models

DROP = """
SET LOCAL lock_timeout = '2s';
ALTER TABLE recipient DROP CONSTRAINT IF EXISTS recipient_workspace_id_campaign_id_fkey;
ALTER TABLE recipient DROP CONSTRAINT IF EXISTS recipient_workspace_id_fkey;
"""
ADD = """
ALTER TABLE recipient ADD CONSTRAINT recipient_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE NOT VALID;
ALTER TABLE recipient ADD CONSTRAINT recipient_workspace_id_campaign_id_fkey
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaign (workspace_id, id) ON DELETE CASCADE NOT VALID;
"""


class Migration(migrations.Migration):
    """A look-up and a row lock for each of two keys cost half of what writing a recipient down costs (docs/adr/0003). Column and indexes stay as they are."""

    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, ADD)],
            state_operations=[
                migrations.RemoveConstraint("recipient", "recipient_once"),
                migrations.RemoveIndex("recipient", "recipient_list"),
                migrations.RemoveField("recipient", "campaign"),
                migrations.AddField("recipient", "campaign_id", models.UUIDField(), preserve_default=False),
                migrations.AddIndex("recipient", models.Index(fields=["workspace_id", "campaign_id", "id"], name="recipient_list")),
                migrations.AddConstraint(
                    "recipient", models.UniqueConstraint(fields=("workspace_id", "campaign_id", "identity_id"), name="recipient_once")
                ),
            ],
        )
    ]
