"""What an SMPP channel asks. The keys are those of `settings.py`."""

from __future__ import annotations

from textfirst.channels.rules.codes import problem_with
from textfirst.channels.types import Choice, Declaration, FieldSpec, FieldType

TEXT, NUMBER, CHOICE, SWITCH, SECRET = FieldType.TEXT, FieldType.NUMBER, FieldType.CHOICE, FieldType.SWITCH, FieldType.SECRET

SMPP = Declaration(
    kind="smpp",
    label="SMPP",
    help="A direct connection to a carrier or aggregator over SMPP 3.4. Your carrier gives you host, port, system id and password.",
    fields=(
        FieldSpec("host", TEXT, "Host", "The carrier's server: a name or an address.", required=True, most=253, leads_elsewhere=True),
        FieldSpec("port", NUMBER, "Port", "Usually 2775; 3550 with encryption.", default=2775, least=1, most=65535, leads_elsewhere=True),
        FieldSpec("system_id", TEXT, "System id", "Your login at the carrier.", required=True, most=64),
        FieldSpec("password", SECRET, "Password", "Kept encrypted and never shown again.", required=True, most=64),
        FieldSpec(
            "tls", CHOICE, "Encryption", "Ask your carrier; many offer it on a port of its own.", default="off", leads_elsewhere=True,
            choices=(Choice("off", "None"), Choice("on", "TLS"), Choice("unverified", "TLS, without checking who answers")),
        ),
        FieldSpec(
            "binding", CHOICE, "Connection", "One connection for both directions suits nearly every carrier.", default="transceiver",
            choices=(Choice("transceiver", "One for both directions"), Choice("transmitter_receiver", "One for each direction")),
        ),
        FieldSpec("system_type", TEXT, "System type", "Only when the carrier names one.", default="", most=12, advanced=True),
        FieldSpec("service_type", TEXT, "Service type", "Only when the carrier names one.", default="", most=5, advanced=True),
        FieldSpec(
            "alphabet", CHOICE, "Carrier's default alphabet", "What the carrier means by data_coding 0.", default="gsm7", advanced=True,
            choices=(Choice("gsm7", "GSM-7"), Choice("latin1", "Latin-1"), Choice("ascii", "ASCII")),
        ),
        FieldSpec(
            "message_ids", CHOICE, "Message ids", "Change it when delivery receipts never find their message.", default="as_is", advanced=True,
            choices=(
                Choice("as_is", "The same in answers and receipts"),
                Choice("loose", "Case and leading zeros differ"),
                Choice("decimal", "Decimal in both"),
                Choice("hex", "Hexadecimal in both"),
                Choice("hex_then_decimal", "Hexadecimal in answers, decimal in receipts"),
                Choice("decimal_then_hex", "Decimal in answers, hexadecimal in receipts"),
            ),
        ),
        FieldSpec("receipts", SWITCH, "Ask for delivery receipts", "Without them a message stays at sent.", default=True, advanced=True),
        FieldSpec("send_validity", SWITCH, "Say how long a text is worth delivering", "Turn it off when the carrier refuses it.", default=True, advanced=True),
        FieldSpec("keep_plus", SWITCH, "Write numbers with a plus", "Some carriers want +30… instead of 30….", default=False, advanced=True),
        FieldSpec("wide_reference", SWITCH, "16-bit references for long texts", "Fewer mix-ups at high rates; not every carrier takes them.", default=False, advanced=True),
        FieldSpec("source_ton", NUMBER, "Sender's number type (TON)", "Empty chooses by the look of the sender.", least=0, most=6, advanced=True),
        FieldSpec("source_npi", NUMBER, "Sender's numbering plan (NPI)", "Empty chooses by the look of the sender.", least=0, most=18, advanced=True),
        FieldSpec("destination_ton", NUMBER, "Recipient's number type (TON)", "1 is international.", default=1, least=0, most=6, advanced=True),
        FieldSpec("destination_npi", NUMBER, "Recipient's numbering plan (NPI)", "1 is the telephone network's.", default=1, least=0, most=18, advanced=True),
        FieldSpec(
            "codes", TEXT, "The carrier's own error codes",
            "As the carrier explains them, for example 0x401=retry, 0x402=sender. Meanings: retry, slower, sender, number, stopped, refused.",
            default="", most=1000, advanced=True, problem_with=problem_with,
        ),
        FieldSpec("answer_timeout", NUMBER, "Seconds to wait for an answer", "Then a message counts as not answered.", default=60, least=1, most=600, advanced=True),
        FieldSpec("bind_timeout", NUMBER, "Seconds to wait for the login", "Then we hang up and knock again.", default=30, least=1, most=300, advanced=True),
        FieldSpec("enquire_every", NUMBER, "Seconds between signs of life", "After so much silence we ask whether the carrier is there.", default=30, least=1, most=3600, advanced=True),
        FieldSpec("enquire_timeout", NUMBER, "Seconds to wait for a sign of life", "Then the connection counts as lost.", default=10, least=1, most=300, advanced=True),
    ),
)  # fmt: skip
