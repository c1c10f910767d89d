"""How a channel is: a code and facts in place of an English sentence. The engine writes every row anew within seconds."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        migrations.AddField("channelhealth", "facts", models.JSONField(default=dict, db_default=Value({}, models.JSONField()))),
        migrations.RunSQL("UPDATE channel_health SET code = ''", migrations.RunSQL.noop),
        migrations.RemoveField("channelhealth", "detail"),
    ]
