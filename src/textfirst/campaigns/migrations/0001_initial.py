import django.db.models.deletion
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
    ]

    operations = [
        WorkspaceTable(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('purpose', models.SmallIntegerField()),
                ('audience', models.JSONField(default=dict)),
                ('text', models.TextField(default='')),
                ('state', models.TextField(default='draft')),
                ('resume_to', models.TextField(default='')),
                ('scheduled_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('audience_cursor', models.UUIDField(null=True)),
                ('cursor', models.UUIDField(null=True)),
                ('recipients', models.IntegerField(default=0)),
                ('problem', models.TextField(default='')),
                ('created_by_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.BigIntegerField(default=1)),
                ('channel', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='channels.channel')),
            ],
            options={
                'db_table': 'campaign',
            },
        ),
        WorkspaceTable(
            name='CampaignTally',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('campaign_id', models.UUIDField()),
                ('status', models.SmallIntegerField()),
                ('reason', models.TextField(default='')),
                ('messages', models.IntegerField()),
                ('segments', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'campaign_tally',
                'indexes': [models.Index(fields=['workspace_id', 'campaign_id', 'status'], name='campaign_tally_sum')],
            },
        ),
        WorkspaceTable(
            name='Recipient',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('contact_id', models.UUIDField()),
                ('identity_id', models.UUIDField()),
                ('campaign', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
            ],
            options={
                'db_table': 'recipient',
            },
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('state__in', ['scheduled', 'preparing', 'running'])), fields=['state', 'workspace_id'], name='campaign_active'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(fields=['workspace_id', 'campaign', 'id'], name='recipient_list'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(fields=('workspace_id', 'campaign', 'identity_id'), name='recipient_once'),
        ),
    ]
