from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_address_before_scheme")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("contactimport", "consent", models.JSONField(null=True)),
    ]
