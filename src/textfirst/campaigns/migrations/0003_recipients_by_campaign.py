from django.db import migrations

BUILD = (
    "DROP INDEX CONCURRENTLY IF EXISTS recipient_by_campaign",  # half built by an attempt that was broken off
    "CREATE UNIQUE INDEX CONCURRENTLY recipient_by_campaign ON recipient (workspace_id, campaign_id, id)",
)
SWAP = (
    "SET lock_timeout = '2s'",
    "ALTER TABLE recipient DROP CONSTRAINT IF EXISTS recipient_pkey, ADD CONSTRAINT recipient_pkey PRIMARY KEY USING INDEX recipient_by_campaign",
    "RESET lock_timeout",
    "DROP INDEX CONCURRENTLY IF EXISTS recipient_list",
)
BUILD_BACK = (
    "DROP INDEX CONCURRENTLY IF EXISTS recipient_by_id",
    "CREATE UNIQUE INDEX CONCURRENTLY recipient_by_id ON recipient (workspace_id, id)",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS recipient_list ON recipient (workspace_id, campaign_id, id)",
)
SWAP_BACK = (
    "SET lock_timeout = '2s'",
    "ALTER TABLE recipient DROP CONSTRAINT IF EXISTS recipient_pkey, ADD CONSTRAINT recipient_pkey PRIMARY KEY USING INDEX recipient_by_id",
    "RESET lock_timeout",
)


class Migration(migrations.Migration):
    """Recipients are found by campaign and in order, never by their id alone: one key for both.

    Beside it PostgreSQL chose the key by identity for the next batch, and looked at all of the campaign for each; beside the one by id it might
    have walked all later campaigns (docs/explain/performance.md).
    """

    atomic = False
    dependencies = [("campaigns", "0002_recipient_without_keys")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BUILD + SWAP, BUILD_BACK + SWAP_BACK)],
            state_operations=[migrations.RemoveIndex("recipient", "recipient_list")],
        )
    ]
