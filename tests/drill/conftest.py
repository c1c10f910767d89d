from __future__ import annotations

import psycopg
import pytest
from tests.drill.evidence import Evidence


@pytest.fixture
def evidence(fresh_database_url, tmp_path):
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        if connection.execute("show track_commit_timestamp").fetchone()[0] != "on":
            pytest.skip("the server that was given for the tests keeps no commit times")
        made = Evidence(connection, tmp_path)
        yield made
        made.close()
