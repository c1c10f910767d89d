import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable

# `net` is a netstring: what is hashed can be cut in one way only. `consent_digest` is what an entry keeps of its personal fields (rules/chain.py says it in Python).
DIGEST = """
CREATE FUNCTION consent_net(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(octet_length(value)::text || ':' || value || ',', '-,')
$$;
CREATE FUNCTION consent_digest(salt bytea, address text, words text, origin text, ip text, user_agent text, note text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(salt || convert_to(consent_net(address) || consent_net(words) || consent_net(origin) || consent_net(ip) || consent_net(user_agent)
    || consent_net(note), 'UTF8'))
$$;
CREATE FUNCTION consent_salt() RETURNS bytea LANGUAGE sql VOLATILE AS $$
  SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
$$;
"""

# Where an entry was written without its digest (0001), its words move to the erasable row.
WORDS = """
ALTER TABLE consent_entry DISABLE TRIGGER consent_entry_is_kept;
INSERT INTO consent_person (workspace_id, id, salt, address, words, origin, ip, user_agent, note)
SELECT e.workspace_id, e.id, consent_salt(), coalesce(i.scheme || ':' || i.address, ''), e.words, '', '', '', ''
FROM consent_entry e LEFT JOIN contact_identity i ON i.workspace_id = e.workspace_id AND i.address_hash = e.address_hash;
UPDATE consent_entry e SET words = '', digest = consent_digest(p.salt, p.address, p.words, p.origin, p.ip, p.user_agent, p.note)
FROM consent_person p WHERE p.workspace_id = e.workspace_id AND p.id = e.id;
ALTER TABLE consent_entry ENABLE TRIGGER consent_entry_is_kept;
ALTER TABLE consent_entry ALTER COLUMN words SET DEFAULT '';
INSERT INTO consent_unsealed (workspace_id, id) SELECT workspace_id, id FROM consent_entry;
"""

QUEUE = """
CREATE FUNCTION consent_entry_waits_for_its_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO consent_unsealed (workspace_id, id) SELECT workspace_id, id FROM written;
  RETURN NULL;
END $$;
CREATE TRIGGER consent_entry_waits_for_its_seal AFTER INSERT ON consent_entry
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION consent_entry_waits_for_its_seal();
"""

KEPT = """
CREATE FUNCTION consent_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_seal_is_kept BEFORE UPDATE OR DELETE ON consent_seal FOR EACH ROW EXECUTE FUNCTION consent_is_kept();
CREATE TRIGGER consent_seal_is_kept_whole BEFORE TRUNCATE ON consent_seal FOR EACH STATEMENT EXECUTE FUNCTION consent_is_kept();
CREATE TRIGGER consent_sealed_is_kept BEFORE UPDATE OR DELETE ON consent_sealed FOR EACH ROW EXECUTE FUNCTION consent_is_kept();
CREATE TRIGGER consent_sealed_is_kept_whole BEFORE TRUNCATE ON consent_sealed FOR EACH STATEMENT EXECUTE FUNCTION consent_is_kept();
CREATE TRIGGER consent_text_is_kept BEFORE UPDATE OR DELETE ON consent_text FOR EACH ROW EXECUTE FUNCTION consent_is_kept();
CREATE TRIGGER consent_person_is_kept BEFORE UPDATE ON consent_person FOR EACH ROW EXECUTE FUNCTION consent_is_kept();
"""


def table(name, db_table, *fields, constraints=()):
    """A table of ours with these fields."""
    return WorkspaceTable(
        name=name,
        fields=[
            ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
            ('workspace_id', models.UUIDField(editable=False)),
            *fields,
        ],
        options={'db_table': db_table, 'constraints': list(constraints)},
    )


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_standing'),
        ('contacts', '0001_initial'),
    ]

    operations = [
        migrations.AddField('consententry', 'channels', models.TextField(db_default='')),
        migrations.AddField('consententry', 'text_hash', models.BinaryField(null=True)),
        migrations.AddField('consententry', 'language', models.TextField(db_default='')),
        migrations.AddField('consententry', 'expires_at', models.DateTimeField(null=True)),
        migrations.AddField('consententry', 'digest', models.BinaryField(null=True)),
        table(
            'ConsentPerson', 'consent_person',
            ('salt', models.BinaryField()),
            ('address', models.TextField(default='')),
            ('words', models.TextField(default='')),
            ('origin', models.TextField(default='')),
            ('ip', models.TextField(default='')),
            ('user_agent', models.TextField(default='')),
            ('note', models.TextField(default='')),
        ),
        table(
            'ConsentText', 'consent_text',
            ('text_hash', models.BinaryField()),
            ('language', models.TextField(default='')),
            ('words', models.TextField()),
            constraints=[models.UniqueConstraint(fields=('workspace_id', 'text_hash'), name='consent_text_once')],
        ),
        table('ConsentUnsealed', 'consent_unsealed'),
        table(
            'ConsentSeal', 'consent_seal',
            ('number', models.BigIntegerField()),
            ('entries', models.IntegerField()),
            ('root', models.BinaryField()),
            ('previous', models.BinaryField()),
            ('seal', models.BinaryField()),
            ('sealed_at', models.DateTimeField()),
            constraints=[models.UniqueConstraint(fields=('workspace_id', 'number'), name='consent_seal_number')],
        ),
        table(
            'ConsentSealed', 'consent_sealed',
            ('number', models.BigIntegerField()),
            ('place', models.IntegerField()),
            constraints=[models.UniqueConstraint(fields=('workspace_id', 'number', 'place'), name='consent_sealed_place')],
        ),
        table(
            'ConsentCheck', 'consent_check',
            ('at', models.DateTimeField()),
            ('entries', models.BigIntegerField()),
            ('seals', models.BigIntegerField()),
            ('problems', models.JSONField(default=list)),
            ('seconds', models.FloatField()),
        ),
        migrations.RunSQL(DIGEST, 'DROP FUNCTION consent_digest(bytea, text, text, text, text, text, text); DROP FUNCTION consent_net(text); DROP FUNCTION consent_salt()'),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField('consententry', 'words')]),
        migrations.RunSQL(QUEUE, 'DROP FUNCTION consent_entry_waits_for_its_seal() CASCADE'),
        migrations.RunSQL(KEPT, 'DROP FUNCTION consent_is_kept() CASCADE'),
    ]
