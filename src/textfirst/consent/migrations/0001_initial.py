import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('database', '0001_foundation'),
        ('accounts', '0001_initial'),
    ]

    operations = [
        WorkspaceTable(
            name='ConsentEntry',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('kind', models.TextField()),
                ('scope', models.TextField(default='all')),
                ('address_hash', models.BinaryField()),
                ('contact_id', models.UUIDField(null=True)),
                ('channel_id', models.UUIDField(null=True)),
                ('message_id', models.UUIDField(null=True)),
                ('source', models.TextField()),
                ('words', models.TextField(default='')),
                ('keyword', models.TextField(default='')),
                ('by_user_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'consent_entry',
                'indexes': [models.Index(fields=['workspace_id', 'address_hash', 'id'], name='consent_entry_address')],
            },
        ),
        WorkspaceTable(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('address_hash', models.BinaryField()),
                ('scope', models.TextField(default='all')),
                ('source', models.TextField()),
                ('entry_id', models.UUIDField()),
                ('stopped_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'suppression',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'address_hash', 'scope'), name='suppression_once')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION consent_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              RAISE EXCEPTION 'consent_entry is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER consent_entry_is_kept BEFORE UPDATE OR DELETE ON consent_entry
              FOR EACH ROW EXECUTE FUNCTION consent_entry_is_kept();
            CREATE TRIGGER consent_entry_is_kept_whole BEFORE TRUNCATE ON consent_entry
              FOR EACH STATEMENT EXECUTE FUNCTION consent_entry_is_kept();
            """,
            "DROP FUNCTION consent_entry_is_kept() CASCADE",
        ),
    ]
