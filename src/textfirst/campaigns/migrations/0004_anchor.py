from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_recipients_by_campaign")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("campaign", "anchor", models.DateTimeField(null=True)),
        migrations.AddField("campaign", "begin_at", models.DateTimeField(null=True)),
    ]
