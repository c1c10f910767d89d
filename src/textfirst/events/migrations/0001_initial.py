import django.db.models.expressions
import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import PartitionedTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('database', '0001_foundation'),
    ]

    operations = [
        PartitionedTable(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('xid', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL('pg_current_xact_id()::text::bigint', []))),
                ('kind', models.TextField()),
                ('subject_id', models.UUIDField()),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'event',
                'indexes': [models.Index(fields=['workspace_id', 'xid', 'id'], name='event_cursor')],
            },
        ),
    ]
