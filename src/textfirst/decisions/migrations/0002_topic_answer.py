import textfirst.core.ids
from django.db import migrations, models

from textfirst.database.migrating import WorkspaceTable

KEPT = """
CREATE FUNCTION topic_answer_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER topic_answer_is_kept BEFORE UPDATE OR DELETE ON topic_answer FOR EACH ROW EXECUTE FUNCTION topic_answer_is_kept();
CREATE TRIGGER topic_answer_is_kept_whole BEFORE TRUNCATE ON topic_answer FOR EACH STATEMENT EXECUTE FUNCTION topic_answer_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [
        WorkspaceTable(
            name="TopicAnswer",
            fields=[
                ("id", models.UUIDField(default=textfirst.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(editable=False)),
                ("rule", models.TextField()),
                ("version", models.IntegerField()),
                ("topic", models.TextField()),
                ("words", models.TextField()),
                ("language", models.TextField()),
                ("reason", models.TextField()),
                ("by_user_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("undoes_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "topic_answer",
                "constraints": [models.UniqueConstraint(fields=("workspace_id", "undoes_id"), name="topic_answer_undone_once")],
            },
        ),
        migrations.RunSQL(KEPT, "DROP FUNCTION topic_answer_is_kept() CASCADE"),
    ]
