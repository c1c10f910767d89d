import django.contrib.postgres.fields
import django.db.models.functions.datetime
import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import PartitionedTable, WorkspaceTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('database', '0001_foundation'),
        ('accounts', '0001_initial'),
    ]

    operations = [
        PartitionedTable(
            name='Attempt',
            fillfactor=90,
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('message_id', models.UUIDField()),
                ('channel_id', models.UUIDField()),
                ('part', models.SmallIntegerField(default=1)),
                ('epoch', models.BigIntegerField()),
                ('outcome', models.SmallIntegerField(default=0)),
                ('node', models.TextField()),
            ],
            options={
                'db_table': 'attempt',
            },
        ),
        WorkspaceTable(
            name='IntakeRejected',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('pdu', models.BinaryField()),
                ('problem', models.TextField()),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'intake_rejected',
            },
        ),
        WorkspaceTable(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('key', models.TextField()),
                ('fingerprint', models.BinaryField()),
                ('message_id', models.UUIDField(null=True)),
                ('response', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'idempotency_key',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'key'), name='idempotency_key_once')],
            },
        ),
        WorkspaceTable(
            name='InboundPart',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('source', models.TextField()),
                ('destination', models.TextField()),
                ('reference', models.IntegerField()),
                ('reference_bits', models.SmallIntegerField()),
                ('total', models.SmallIntegerField()),
                ('seq', models.SmallIntegerField()),
                ('data_coding', models.SmallIntegerField()),
                ('body', models.BinaryField()),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'inbound_part',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'channel_id', 'source', 'destination', 'reference', 'reference_bits', 'total', 'seq'), name='inbound_part_once')],
            },
        ),
        PartitionedTable(
            name='Message',
            fillfactor=50,
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('contact_id', models.UUIDField()),
                ('identity_id', models.UUIDField()),
                ('channel_id', models.UUIDField()),
                ('conversation_id', models.UUIDField(null=True)),
                ('campaign_id', models.UUIDField(null=True)),
                ('author_id', models.UUIDField(null=True)),
                ('api_key_id', models.UUIDField(null=True)),
                ('direction', models.SmallIntegerField()),
                ('purpose', models.SmallIntegerField()),
                ('status', models.SmallIntegerField()),
                ('flags', models.SmallIntegerField(default=0)),
                ('segments', models.SmallIntegerField(default=1)),
                ('encoding', models.SmallIntegerField(default=0)),
                ('status_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(null=True)),
                ('part_status', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), null=True, size=None)),
                ('address', models.TextField()),
                ('body', models.TextField()),
                ('raw', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'message',
                'indexes': [models.Index(fields=['workspace_id', 'contact_id', 'id'], name='message_contact')],
            },
        ),
        WorkspaceTable(
            name='Outbox',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('identity_id', models.UUIDField()),
                ('campaign_id', models.UUIDField(null=True)),
                ('lane', models.SmallIntegerField()),
                ('delivery', models.SmallIntegerField()),
                ('segments', models.SmallIntegerField()),
                ('encoding', models.SmallIntegerField()),
                ('attempts', models.SmallIntegerField(default=0)),
                ('flags', models.SmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('not_after', models.DateTimeField()),
                ('identity_version', models.BigIntegerField()),
                ('workspace_version', models.BigIntegerField()),
                ('address', models.TextField()),
                ('body', models.TextField()),
            ],
            options={
                'db_table': 'outbox',
                'indexes': [models.Index(fields=['workspace_id', 'channel_id', 'lane', 'not_before', 'id'], name='outbox_ready')],
            },
        ),
        PartitionedTable(
            name='ProviderRef',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('message_id', models.UUIDField()),
                ('channel_id', models.UUIDField()),
                ('part', models.SmallIntegerField(default=1)),
                ('provider_id', models.TextField()),
            ],
            options={
                'db_table': 'provider_ref',
                'indexes': [models.Index(fields=['workspace_id', 'channel_id', 'provider_id'], name='provider_ref_lookup')],
            },
        ),
        PartitionedTable(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('message_id', models.UUIDField(null=True)),
                ('part', models.SmallIntegerField(default=1)),
                ('status', models.SmallIntegerField()),
                ('provider_id', models.TextField()),
                ('error', models.TextField(null=True)),
                ('address', models.TextField()),
                ('pdu', models.BinaryField()),
            ],
            options={
                'db_table': 'receipt',
                'indexes': [models.Index(condition=models.Q(('message_id', None)), fields=['workspace_id', 'channel_id', 'provider_id'], name='receipt_orphan')],
            },
        ),
        migrations.RunSQL(
            """
            ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
                                    autovacuum_vacuum_cost_limit = 2000, autovacuum_analyze_scale_factor = 0.5);
            """,
            migrations.RunSQL.noop,
        ),
    ]
