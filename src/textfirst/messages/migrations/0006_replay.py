from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_narrow_idempotency_key")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("intakerejected", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("intakerejected", "replayed_at", models.DateTimeField(null=True)),
    ]
