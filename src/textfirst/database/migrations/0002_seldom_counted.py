"""What comes by the hundred thousand is counted seldom (database/partitions.py, UPKEEP): the partitions that are there, and recipients."""

from django.db import migrations

UPKEEP = """
DO $$ DECLARE part regclass; BEGIN
  FOR part IN
    SELECT i.inhrelid::regclass FROM pg_inherits i JOIN partitioned_table p ON to_regclass(p.name) = i.inhparent
    UNION SELECT to_regclass('recipient') WHERE to_regclass('recipient') IS NOT NULL
  LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 100000, autovacuum_analyze_scale_factor = 0.5, '
                   'autovacuum_vacuum_insert_threshold = 500000, autovacuum_vacuum_insert_scale_factor = 0.5)', part);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("database", "0001_foundation"), ("campaigns", "0002_recipient_without_keys")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.RunSQL(UPKEEP, migrations.RunSQL.noop),
    ]
