"""What every other table stands on: the bound role, the function its policies ask, and the list of partitioned tables."""

from django.db import migrations

ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'textfirst_app') THEN
    CREATE ROLE textfirst_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server made it just now
END $$;
DO $$ BEGIN
  EXECUTE format('GRANT textfirst_app TO %I', current_user);
  EXECUTE format('GRANT USAGE ON SCHEMA public TO textfirst_app');
  EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO textfirst_app';
  EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO textfirst_app';
  EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO textfirst_app';
END $$;
"""

FUNCTION = """
CREATE FUNCTION textfirst_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('textfirst.workspace', true), '')::uuid $$;
"""

TABLES = """
CREATE TABLE partitioned_table (name text PRIMARY KEY, fillfactor smallint NOT NULL, keep_months smallint);
COMMENT ON TABLE partitioned_table IS 'Global: tables in monthly partitions; keep_months null keeps for ever';
CREATE TABLE instance_setting (key text PRIMARY KEY, value jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE instance_setting IS 'Global: settings of the whole installation, such as mail';
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION textfirst_workspace()"),
        migrations.RunSQL(TABLES, "DROP TABLE partitioned_table; DROP TABLE instance_setting"),
    ]
