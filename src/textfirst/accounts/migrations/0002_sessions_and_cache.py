"""Ended sessions are announced by the database, whoever ended them; counts of attempts are shared by all consoles."""

from django.db import migrations

CACHE = """
CREATE UNLOGGED TABLE django_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX django_cache_expires ON django_cache (expires);
COMMENT ON TABLE django_cache IS 'Global: counts of failed sign-ins and other rate limits; may be lost at a crash';
"""

ENDED = """
CREATE FUNCTION textfirst_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('textfirst_sessions', OLD.session_key);
  RETURN OLD;
END $$;
CREATE TRIGGER session_ended AFTER DELETE ON django_session
  FOR EACH ROW WHEN (OLD.expire_date > now()) EXECUTE FUNCTION textfirst_session_ended();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE django_cache"),
        migrations.RunSQL(ENDED, "DROP TRIGGER session_ended ON django_session; DROP FUNCTION textfirst_session_ended()"),
    ]
