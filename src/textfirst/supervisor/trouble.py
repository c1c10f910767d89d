"""What can keep Textfirst from starting. Each kind has a sentence for a person and an exit code for a script."""

from __future__ import annotations

import errno
from enum import IntEnum

from textfirst.core.errors import SettingError, TextfirstError


class Exit(IntEnum):
    """Exit codes of `textfirst`; documented in docs/reference/exit-codes.md."""

    OK = 0
    FAILED = 1
    USAGE = 2
    ALREADY_RUNNING = 3
    FOLDER = 4
    DISK_FULL = 5
    PORT_BUSY = 6
    DATABASE_OTHER_VERSION = 7
    DATABASE = 8
    MIGRATION = 9
    PROCESS = 10
    UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h


class Trouble(TextfirstError):
    """We cannot start, or cannot go on."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message, code=exit_code.name.lower())
        self.exit_code = exit_code


_CODES = {
    "postgres_newer": Exit.DATABASE_OTHER_VERSION,
    "postgres_older": Exit.DATABASE_OTHER_VERSION,
    "postgres_upgrade": Exit.DATABASE_OTHER_VERSION,
    "postgres_unreachable_folder": Exit.FOLDER,
    "migration_failed": Exit.MIGRATION,
    "database_newer": Exit.MIGRATION,
    "database_unreachable": Exit.DATABASE,
    "database_too_old": Exit.DATABASE_OTHER_VERSION,
}


def exit_code(why: BaseException) -> Exit:
    """The exit code for any error that reaches the top."""
    if isinstance(why, Trouble):
        return why.exit_code
    if isinstance(why, SettingError):
        return Exit.USAGE
    if isinstance(why, TextfirstError):
        return code_for(why.code)
    if isinstance(why, OSError) and why.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Exit.DISK_FULL
    if isinstance(why, OSError) and why.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Exit.FOLDER
    return Exit.UNEXPECTED


def code_for(code: str) -> Exit:
    return _CODES.get(code) or (Exit.DATABASE if code.startswith(("postgres", "database")) else Exit.FAILED)


def sentence(why: BaseException) -> str:
    """What to tell a person about any error that reaches the top."""
    if isinstance(why, TextfirstError):
        return why.message
    if isinstance(why, OSError) and why.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full{_where(why)}. Free some room and start again; what was committed is safe."
    if isinstance(why, OSError) and why.filename:
        return f"{why.strerror}: {why.filename}"
    return f"Something went wrong that we did not foresee: {type(why).__name__}: {why}"


def _where(why: OSError) -> str:
    return f" ({why.filename})" if why.filename else ""
