"""What providers send over HTTP, kept as it came."""

import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import PartitionedTable


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_carriers'),
    ]

    operations = [
        PartitionedTable(
            name='Hook',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel_id', models.UUIDField()),
                ('headers', models.JSONField()),
                ('query', models.TextField()),
                ('body', models.BinaryField()),
            ],
            options={
                'db_table': 'hook',
                'indexes': [models.Index(fields=['workspace_id', 'channel_id', 'id'], name='hook_channel')],
            },
        ),
    ]
