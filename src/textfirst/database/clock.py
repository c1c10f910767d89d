"""What time it is for everybody: machines' clocks differ, and what is due is compared with the database's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's clock; a round trip."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        [said] = cursor.fetchone()
    moment: datetime = said
    return moment
