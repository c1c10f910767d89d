"""Which jobs there are, and which handler answers which event."""

from __future__ import annotations

import procrastinate


def on_ready(app: procrastinate.App) -> None:
    """Called once by procrastinate when Django is up: import the features' tasks so that the worker knows them."""
