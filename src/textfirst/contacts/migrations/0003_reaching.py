from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_joining")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.AddField("contact", "country", models.CharField(db_default="", max_length=2)),
        migrations.AddField("contact", "region", models.CharField(db_default="", max_length=3)),
        migrations.AddField("contact", "prefers", models.SmallIntegerField(db_default=0)),
        migrations.AddField("contact", "own_cap", models.SmallIntegerField(null=True)),
    ]
