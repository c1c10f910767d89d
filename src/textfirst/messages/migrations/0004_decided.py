from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_outbox_without_keys")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("message", "decision_id", models.UUIDField(null=True)),
        migrations.AddField("message", "consent_entry_id", models.UUIDField(null=True)),
        migrations.AddField("outbox", "send_by", models.DateTimeField(null=True)),
        migrations.AddField("outbox", "arrive_by", models.DateTimeField(null=True)),
    ]
