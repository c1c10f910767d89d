from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_opting_in")]

    operations = [
        migrations.AddField("consentstanding", "any_hour_entry", models.UUIDField(null=True)),
        migrations.AddField("consentrequest", "shown_any_hour", models.TextField(default="", db_default="")),
    ]
