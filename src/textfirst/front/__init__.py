"""The lean ASGI process that owns the public port."""
