"""Which calls of providers wait to be read, and which of their events are stored."""

import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0004_hooks'),
    ]

    operations = [
        WorkspaceTable(
            name='HookWaiting',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
            ],
            options={
                'db_table': 'hook_waiting',
                'indexes': [models.Index(fields=['workspace_id', 'channel_id', 'id'], name='hook_waiting_channel')],
            },
        ),
        WorkspaceTable(
            name='HookEvent',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('event_id', models.TextField()),
            ],
            options={
                'db_table': 'hook_event',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'channel_id', 'event_id'), name='hook_event_once')],
            },
        ),
    ]
