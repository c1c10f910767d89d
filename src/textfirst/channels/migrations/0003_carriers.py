"""Several binds of one channel, and channels that stand in for one another."""

import django.db.models.functions.datetime
import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_health_in_codes'),
    ]

    operations = [
        WorkspaceTable(
            name='ChannelShare',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('pool', models.TextField()),
                ('share', models.SmallIntegerField()),
                ('sent', models.IntegerField(default=0)),
                ('slow', models.IntegerField(default=0)),
                ('tried', models.IntegerField(default=0)),
                ('errors', models.IntegerField(default=0)),
                ('seconds_half', models.FloatField(null=True)),
                ('seconds_most', models.FloatField(null=True)),
                ('looked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'channel_share',
            },
        ),
        WorkspaceTable(
            name='ChannelShift',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('pool', models.TextField()),
                ('source', models.UUIDField()),
                ('target', models.UUIDField()),
                ('points', models.SmallIntegerField()),
                ('reason', models.TextField()),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'channel_shift',
            },
        ),
        migrations.AddField(
            model_name='channel',
            name='binds',
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='channel',
            name='pool',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='channel',
            name='weight',
            field=models.SmallIntegerField(db_default=50, default=50),
        ),
        migrations.AddField(
            model_name='channelhealth',
            name='bound_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('binds__gte', 1), ('binds__lte', 16)), name='channel_binds'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 100)), name='channel_weight'),
        ),
        migrations.AddIndex(
            model_name='channelshift',
            index=models.Index(fields=['workspace_id', 'pool', 'id'], name='channel_shift_pool'),
        ),
    ]
