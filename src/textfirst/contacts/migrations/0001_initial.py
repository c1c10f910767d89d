import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
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
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('first_name', models.TextField(default='')),
                ('last_name', models.TextField(default='')),
                ('language', models.CharField(default='', max_length=8)),
                ('time_zone', models.TextField(default='')),
                ('birthday', models.DateField(null=True)),
                ('attributes', models.JSONField(default=dict)),
                ('blocked', models.BooleanField(default=False)),
                ('search_text', models.TextField(default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'contact',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_text', name='gin_trgm_ops'), name='contact_search')],
            },
        ),
        WorkspaceTable(
            name='ContactList',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'contact_list',
                'constraints': [models.UniqueConstraint(models.F('workspace_id'), django.db.models.functions.text.Lower('name'), name='contact_list_name')],
            },
        ),
        WorkspaceTable(
            name='ContactImport',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('file_name', models.TextField()),
                ('stored_as', models.TextField()),
                ('shape', models.JSONField(default=dict)),
                ('mapping', models.JSONField(default=dict)),
                ('country', models.CharField(max_length=2)),
                ('state', models.TextField(default='uploaded')),
                ('rows_total', models.IntegerField(null=True)),
                ('rows_done', models.IntegerField(default=0)),
                ('created', models.IntegerField(default=0)),
                ('updated', models.IntegerField(default=0)),
                ('unchanged', models.IntegerField(default=0)),
                ('failed', models.IntegerField(default=0)),
                ('problem', models.TextField(default='')),
                ('created_by_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('contact_list', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contactlist')),
            ],
            options={
                'db_table': 'contact_import',
            },
        ),
        WorkspaceTable(
            name='Label',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('color', models.TextField(default='gray')),
            ],
            options={
                'db_table': 'label',
                'constraints': [models.UniqueConstraint(models.F('workspace_id'), django.db.models.functions.text.Lower('name'), name='label_name')],
            },
        ),
        WorkspaceTable(
            name='Segment',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('name', models.TextField()),
                ('rule', models.JSONField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'segment',
                'constraints': [models.UniqueConstraint(models.F('workspace_id'), django.db.models.functions.text.Lower('name'), name='segment_name')],
            },
        ),
        WorkspaceTable(
            name='ContactIdentity',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('scheme', models.TextField(default='tel')),
                ('address', models.TextField()),
                ('address_hash', models.BinaryField()),
                ('version', models.BigIntegerField(default=1)),
                ('last_inbound_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('contact', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
            ],
            options={
                'db_table': 'contact_identity',
                'indexes': [models.Index(fields=['workspace_id', 'contact'], name='contact_identity_contact'), models.Index(fields=['workspace_id', 'address_hash'], name='contact_identity_hash')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'scheme', 'address'), name='contact_identity_address'), models.CheckConstraint(condition=models.Q(('scheme__regex', '^[a-z]+$')), name='contact_identity_scheme'), models.CheckConstraint(condition=models.Q(('address', ''), _negated=True), name='contact_identity_not_empty')],
            },
        ),
        WorkspaceTable(
            name='ContactImportError',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('row', models.IntegerField()),
                ('column', models.TextField(default='')),
                ('code', models.TextField()),
                ('facts', models.JSONField(default=dict)),
                ('cells', models.JSONField(default=list)),
                ('contact_import', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contactimport')),
            ],
            options={
                'db_table': 'contact_import_error',
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'contact_import', 'row'), name='contact_import_error_row')],
            },
        ),
        WorkspaceTable(
            name='ContactListMember',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('contact', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
                ('contact_list', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contactlist')),
            ],
            options={
                'db_table': 'contact_list_member',
                'indexes': [models.Index(fields=['workspace_id', 'contact'], name='contact_list_member_contact')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'contact_list', 'contact'), name='contact_list_member_once')],
            },
        ),
        WorkspaceTable(
            name='ContactLabel',
            fields=[
                ('id', models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.UUIDField(editable=False)),
                ('contact', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
                ('label', textfirst.database.fields.WorkspaceKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.label')),
            ],
            options={
                'db_table': 'contact_label',
                'indexes': [models.Index(fields=['workspace_id', 'contact'], name='contact_label_contact')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'label', 'contact'), name='contact_label_once')],
            },
        ),
    ]
