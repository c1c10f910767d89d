from django.db import migrations


class Migration(migrations.Migration):
    """Texts are heard as they come in, so a form does not say how far it has listened. The columns go with a later release."""

    dependencies = [("consent", "0006_any_hour")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '2s'", migrations.RunSQL.noop),
        migrations.RunSQL("alter table consent_form alter column heard_xid set default 0", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("consentform", "heard_xid"), migrations.RemoveField("consentform", "heard_id")]
        ),
    ]
