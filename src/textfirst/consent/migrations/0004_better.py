from django.db import migrations

# The permission that ranks higher stands (types.Kind), of equal ones that which lasts longer; one that has run out yields to any.
BETTER = """
CREATE FUNCTION consent_better(kind smallint, until timestamptz, old_kind smallint, old_until timestamptz, at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT kind IS NOT NULL AND (
    old_kind IS NULL OR coalesce(old_until <= at, false)
    OR (kind, coalesce(until, 'infinity')) >= (old_kind, coalesce(old_until, 'infinity')))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_ledger")]

    operations = [
        migrations.RunSQL(BETTER, "DROP FUNCTION consent_better(smallint, timestamptz, smallint, timestamptz, timestamptz)"),
    ]
