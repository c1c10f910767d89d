import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable

# Bit 0 is everything, bit n the Purpose n (core.purposes); marketing is promotion and greeting.
MASK = """
CREATE FUNCTION consent_mask(scope text) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE scope WHEN 'all' THEN 1 WHEN 'marketing' THEN 6 WHEN 'promotion' THEN 2 WHEN 'greeting' THEN 4 WHEN 'feedback' THEN 8
    WHEN 'reminder' THEN 16 WHEN 'appointment' THEN 32 WHEN 'notice' THEN 64 WHEN 'support' THEN 128 WHEN 'staff' THEN 256
    WHEN 'code' THEN 512 WHEN 'urgent' THEN 1024 END
$$;
"""

# The mirror of the stops in the row that decisions read. As triggers, so that no writer of stops can forget it: words, imports, restores, tests.
# A stop is added to what stands; a lifted one is taken away by counting anew what is left, with the row locked first, so that no other writer's stop is lost.
MIRROR = """
CREATE FUNCTION suppression_is_mirrored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO consent_standing AS s (workspace_id, id, address_hash, stopped)
  SELECT workspace_id, gen_random_uuid(), address_hash, bit_or(consent_mask(scope)) FROM changed
  GROUP BY workspace_id, address_hash ORDER BY workspace_id, address_hash
  ON CONFLICT (workspace_id, address_hash) DO UPDATE SET stopped = s.stopped | excluded.stopped
    WHERE s.stopped <> s.stopped | excluded.stopped;
  RETURN NULL;
END $$;
CREATE FUNCTION suppression_lifted_is_mirrored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM consent_standing s WHERE (s.workspace_id, s.address_hash) IN (SELECT workspace_id, address_hash FROM changed)
    ORDER BY s.workspace_id, s.address_hash FOR UPDATE;
  UPDATE consent_standing s SET stopped = coalesce((
    SELECT bit_or(consent_mask(p.scope)) FROM suppression p WHERE p.workspace_id = s.workspace_id AND p.address_hash = s.address_hash), 0)
  WHERE (s.workspace_id, s.address_hash) IN (SELECT workspace_id, address_hash FROM changed);
  RETURN NULL;
END $$;
CREATE TRIGGER suppression_is_mirrored AFTER INSERT ON suppression
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION suppression_is_mirrored();
CREATE TRIGGER suppression_lifted_is_mirrored AFTER DELETE ON suppression
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION suppression_lifted_is_mirrored();
"""

KNOWN = """
INSERT INTO consent_standing (workspace_id, id, address_hash, stopped)
SELECT workspace_id, gen_random_uuid(), address_hash, bit_or(consent_mask(scope)) FROM suppression GROUP BY workspace_id, address_hash
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0001_initial"),
    ]

    operations = [
        WorkspaceTable(
            name="ConsentStanding",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("address_hash", models.BinaryField()),
                ("stopped", models.IntegerField(db_default=0)),
                ("held", models.BooleanField(db_default=False)),
                ("promotion_kind", models.SmallIntegerField(null=True)),
                ("promotion_until", models.DateTimeField(null=True)),
                ("promotion_entry", models.UUIDField(null=True)),
                ("greeting_kind", models.SmallIntegerField(null=True)),
                ("greeting_until", models.DateTimeField(null=True)),
                ("greeting_entry", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("dnc_listed", models.BooleanField(null=True)),
                ("dnc_checked_on", models.DateField(null=True)),
                ("reassigned_on", models.DateField(null=True)),
                ("reassigned_checked_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "consent_standing",
                "constraints": [models.UniqueConstraint(fields=("workspace_id", "address_hash"), name="consent_standing_once")],
            },
        ),
        migrations.RunSQL(MASK, "DROP FUNCTION consent_mask(text)"),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(
            MIRROR, "DROP FUNCTION suppression_is_mirrored() CASCADE; DROP FUNCTION suppression_lifted_is_mirrored() CASCADE"
        ),
    ]
