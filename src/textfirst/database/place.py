"""Where Textfirst keeps its things when nobody says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def default_home() -> Path:
    """The platform's user data folder; as root a system folder, for root's own home is closed to the database's account."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/textfirst")
    return user_data_path("textfirst", appauthor=False)
