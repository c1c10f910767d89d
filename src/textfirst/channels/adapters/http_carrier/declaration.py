"""What an HTTP channel asks. The keys are those of `settings.py`."""

from __future__ import annotations

from textfirst.channels.types import Declaration, FieldSpec, FieldType

TEXT, NUMBER, SECRET, SWITCH = FieldType.TEXT, FieldType.NUMBER, FieldType.SECRET, FieldType.SWITCH

HTTP = Declaration(
    kind="http",
    label="HTTP",
    help="A provider that takes texts as JSON over HTTPS, and calls us with receipts and texts that come in.",
    fields=(
        FieldSpec("url", TEXT, "Address for sending", "Where the provider takes texts; begins with https://.", required=True, most=500, leads_elsewhere=True),
        FieldSpec("api_key", SECRET, "Key for sending", "Sent to the provider with each text. Kept encrypted and never shown again.", required=True, most=500),
        FieldSpec("hook_secret", SECRET, "Secret for signing", "With it the provider signs its calls to us: at least 16 characters, known to nobody else.", required=True, least=16, most=500),
        FieldSpec("send_validity", SWITCH, "Say how long a text is worth delivering", "Turn it off when the carrier refuses it.", default=True, advanced=True),
        FieldSpec("answer_timeout", NUMBER, "Seconds to wait for an answer", "Then a message counts as not answered.", default=30, least=1, most=600, advanced=True),
    ),
)  # fmt: skip
