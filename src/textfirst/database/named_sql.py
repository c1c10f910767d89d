"""SQL worth reading lives in a `.sql` file with a name and a sentence; this hands its text over.

    sql = load("textfirst.messages")
    cursor.execute(sql.claim, {...})

Parameters are psycopg's, `%(name)s`. A file is read once; an unknown name is an AttributeError when the module is imported or called, not later.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


class Statements:
    """The statements of one feature, an attribute each."""

    def __init__(self, package: str, statements: dict[str, str]) -> None:
        self._package = package
        self._statements = statements

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(f"{self._package} has no sql/{name}.sql") from None


@cache
def load(package: str) -> Statements:
    """Every `sql/*.sql` of the package, by file name."""
    folder = files(package) / "sql"
    return Statements(package, {f.name.removesuffix(".sql"): f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".sql")})
