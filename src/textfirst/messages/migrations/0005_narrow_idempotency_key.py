from django.db import migrations

NARROW = """
SET LOCAL lock_timeout = '2s';
ALTER TABLE idempotency_key
    DROP CONSTRAINT IF EXISTS idempotency_key_workspace_id_fkey,
    DROP CONSTRAINT IF EXISTS idempotency_key_pkey;
"""
WIDEN = """
SET LOCAL lock_timeout = '2s';
ALTER TABLE idempotency_key ADD FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE NOT VALID;
ALTER TABLE idempotency_key ADD PRIMARY KEY (workspace_id, id);
"""


class Migration(migrations.Migration):
    """There is a row for each message that programs send, found by its key alone (`idempotency_key_once`), and forgotten after 48 hours: an index by
    id is asked by nobody, and the key to the workspace cost a look-up and a row lock for each, as `outbox`'s did (0003).
    """

    dependencies = [("messaging", "0004_decided")]

    operations = [migrations.RunSQL(NARROW, WIDEN)]
