"""The console's WSGI application, served on a local socket."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
application = get_wsgi_application()
