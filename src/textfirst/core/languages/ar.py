"""Arabic."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # api
    "Sign in, or send an API key.": "سجّل الدخول أو أرسل مفتاح API.",
}
