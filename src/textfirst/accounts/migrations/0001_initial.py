import django.db.models.deletion
import django.db.models.functions.text
import textfirst.core.ids
from django.conf import settings
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('database', '0001_foundation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('country', models.CharField(max_length=2)),
                ('time_zone', models.TextField()),
                ('language', models.CharField(default='en', max_length=8)),
                ('languages', models.JSONField(default=list)),
                ('retention_months', models.JSONField(default=dict)),
                ('version', models.BigIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'workspace',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.TextField(blank=True, default='')),
                ('language', models.CharField(default='en', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'account_user',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='account_user_email')],
            },
        ),
        WorkspaceTable(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('email', models.EmailField(max_length=254)),
                ('role', models.TextField()),
                ('token_hash', models.BinaryField(db_index=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'invitation',
            },
        ),
        WorkspaceTable(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('kind', models.TextField()),
                ('hint', models.TextField()),
                ('secret_hash', models.BinaryField(db_index=True)),
                ('scopes', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'api_key',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['live', 'test'])), name='api_key_kind')],
            },
        ),
        WorkspaceTable(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('role', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'membership',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'user'), name='membership_once'), models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'admin', 'agent', 'viewer'])), name='membership_role')],
            },
        ),
        migrations.RunSQL(
            """
            ALTER TABLE workspace ENABLE ROW LEVEL SECURITY;
            CREATE POLICY workspace ON workspace USING (id = (SELECT textfirst_workspace()));
            """,
            migrations.RunSQL.noop,
        ),
    ]
