"""Write the OpenAPI document of the console's API to a file, without a database."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(TEXTFIRST_HOME=home, DATABASE_URL="postgresql:///nowhere", DJANGO_SETTINGS_MODULE="textfirst.config.settings")
        import django

        django.setup()
        from textfirst.api.v1 import make_api

        Path(sys.argv[1]).write_text(json.dumps(make_api().get_openapi_schema(), indent=1, default=str) + "\n")


if __name__ == "__main__":
    main()
