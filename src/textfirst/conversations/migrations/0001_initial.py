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
        ('channels', '0001_initial'),
        ('contacts', '0001_initial'),
    ]

    operations = [
        WorkspaceTable(
            name='Inbox',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'inbox',
            },
        ),
        WorkspaceTable(
            name='Conversation',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('status', models.SmallIntegerField(default=1)),
                ('assignee_id', models.UUIDField(null=True)),
                ('unread', models.IntegerField(default=0)),
                ('last_message_id', models.UUIDField(null=True)),
                ('last_at', models.DateTimeField()),
                ('version', models.BigIntegerField(default=1)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('contact', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
                ('inbox', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.inbox')),
            ],
            options={
                'db_table': 'conversation',
                'indexes': [models.Index(fields=['workspace_id', 'status', 'last_at', 'id'], name='conversation_list'), models.Index(fields=['workspace_id', 'contact'], name='conversation_contact')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'inbox', 'contact'), name='conversation_once')],
            },
        ),
        WorkspaceTable(
            name='InboxChannel',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('channel', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.channel')),
                ('inbox', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.inbox')),
            ],
            options={
                'db_table': 'inbox_channel',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'channel'), name='inbox_channel_once')],
            },
        ),
    ]
