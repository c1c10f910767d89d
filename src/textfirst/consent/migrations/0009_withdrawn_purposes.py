from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_attestation")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("consentstanding", "promotion_withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField("consentstanding", "greeting_withdrawn_at", models.DateTimeField(null=True)),
    ]
