import django.db.models.deletion
import django.db.models.functions.datetime
import textfirst.core.ids
import textfirst.database.fields
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
            name='ChannelHealth',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('state', models.TextField(default='off')),
                ('detail', models.TextField(default='')),
                ('code', models.TextField(default='')),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('checked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('segments_per_second', models.FloatField(default=0)),
            ],
            options={
                'db_table': 'channel_health',
            },
        ),
        WorkspaceTable(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('kind', models.TextField()),
                ('address', models.TextField()),
                ('config', models.JSONField(default=dict)),
                ('secrets', models.BinaryField(default=b'')),
                ('rate', models.IntegerField(default=0)),
                ('window', models.IntegerField(default=10)),
                ('enabled', models.BooleanField(default=True)),
                ('version', models.BigIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'channel',
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gte', 0)), name='channel_rate'), models.CheckConstraint(condition=models.Q(('window__gte', 1)), name='channel_window')],
            },
        ),
        WorkspaceTable(
            name='BindLease',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('slot', models.SmallIntegerField(default=0)),
                ('node', models.TextField(default='')),
                ('epoch', models.BigIntegerField(default=0)),
                ('held_until', models.DateTimeField(null=True)),
                ('settled_id', models.UUIDField(null=True)),
                ('channel', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.channel')),
            ],
            options={
                'db_table': 'bind_lease',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'channel', 'slot'), name='bind_lease_slot')],
            },
        ),
    ]
