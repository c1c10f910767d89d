from django.db import migrations

DROP = """
SET LOCAL lock_timeout = '2s';
ALTER TABLE outbox DROP CONSTRAINT IF EXISTS outbox_workspace_id_fkey;
"""
ADD = "ALTER TABLE outbox ADD CONSTRAINT outbox_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE NOT VALID;"


class Migration(migrations.Migration):
    """The key to the workspace cost a look-up and a row lock for each message; the message's own row has none either (docs/adr/0003)."""

    dependencies = [("messaging", "0002_message_detail")]

    operations = [migrations.RunSQL(DROP, ADD)]
