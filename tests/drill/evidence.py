"""A carrier's log and a database that agree, made by hand: what the auditor must find nothing wrong with, until a test plants a fault."""

from __future__ import annotations

import itertools
import time
from uuid import UUID

from smpplib import consts, gsm, smpp

from textfirst.core.ids import new_id
from textfirst.drill import witness
from textfirst.drill.auditor import judge
from textfirst.drill.ledger import Ledger
from textfirst.phones.frames import FrameLog, Kind, record

WORKSPACE = new_id()
CHANNEL = new_id()
CONTACT = new_id()
NOTICE, SUPPORT, CODE = 6, 7, 9
NO_HASH = b"\x00"


class Evidence:
    """Frames, rows and promises of one carrier session, written as they happen."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.url = connection.info.dsn
        self.folder = folder
        self.log = FrameLog(folder / "phones")
        self.ledger = Ledger(folder / "ledger.jsonl")
        self.sequences = itertools.count(1)
        self.serials = itertools.count(1)
        self.campaign = new_id()
        self.frame(Kind.OPENED)
        self.frame(Kind.BOUND, str(CHANNEL).encode())
        self.ledger.note("channel", id=str(CHANNEL), window=2)
        connection.execute("set session_replication_role = replica")  # rows without the rows they belong to
        witness.install(connection)
        connection.execute("alter table attempt enable always trigger drill_attempt")
        connection.execute("alter table message enable always trigger drill_fell")

    def close(self):
        self.log.close()
        self.ledger.close()

    # ── the carrier's log ───────────────────────────────────────────────────────────────────────────────

    def frame(self, kind, payload=b"", connection=1, at=None):
        self.log.append([record(kind, connection, payload, at or time.time_ns(), time.monotonic_ns())], {})

    def submit(self, to, text, *, status=0, provider_id="", answered=True, at=None):
        sequence = next(self.sequences)
        self.frame(Kind.READ, pdu("submit_sm", sequence, destination_addr=to, short_message=gsm.gsm_encode(text)), at=at)
        if answered:
            self.frame(Kind.WRITTEN, pdu("submit_sm_resp", sequence, status=status, message_id=provider_id))

    def deliver(self, frame, *, answered=True):
        self.frame(Kind.WRITTEN, frame)
        if answered:
            self.frame(Kind.READ, pdu("deliver_sm_resp", int.from_bytes(frame[12:16], "big")))

    def ends_session(self):
        """Lost and opened anew."""
        self.frame(Kind.CLOSED)
        self.frame(Kind.OPENED, connection=2)

    def starts_carrier_again(self):
        """Killed, without a word about its connections."""
        self.rotates_log(bound={})
        self.frame(Kind.OPENED)
        self.frame(Kind.BOUND, str(CHANNEL).encode())

    def rotates_log(self, bound=None):
        """A new file begins with who is bound."""
        self.log.close()
        self.log = FrameLog(self.folder / "phones")
        for connection, name in ({1: str(CHANNEL)} if bound is None else bound).items():
            self.frame(Kind.BOUND, name.encode(), connection)

    # ── the database ────────────────────────────────────────────────────────────────────────────────────

    def message(
        self,
        to,
        text,
        *,
        status=80,
        purpose=NOTICE,
        flags=0,
        campaign=None,
        key=True,
        conversation=None,
        raw=None,
        direction=2,
        identifier=None,
    ):
        identifier = identifier or new_id()
        self.insert(
            "message", id=identifier, channel_id=CHANNEL, contact_id=CONTACT, identity_id=CONTACT, direction=direction, purpose=purpose, status=status,
            flags=flags, segments=1, encoding=0, address=f"+{to}", body=text, campaign_id=campaign, api_key_id=CONTACT if key and direction == 2 else None,
            conversation_id=conversation, raw=raw,
        )  # fmt: skip
        return identifier

    def attempt(self, message_id, provider_id=""):
        identifier = new_id()
        if provider_id:
            self.insert("provider_ref", id=identifier, message_id=message_id, channel_id=CHANNEL, part=1, provider_id=provider_id)
        self.insert("attempt", id=identifier, message_id=message_id, channel_id=CHANNEL, part=1, epoch=1, outcome=0, node="here")

    def receipt(self, frame):
        self.insert("receipt", id=new_id(), channel_id=CHANNEL, message_id=None, part=1, status=80, provider_id="1", address="1", pdu=frame)

    def stop(self, to):
        """An address tells us to stop; returns when that was committed, in nanoseconds."""
        address_hash = to.encode()
        self.insert(
            "contact_identity", id=new_id(), contact_id=CONTACT, scheme="tel", address=f"+{to}", address_hash=address_hash, version=1
        )
        entry = new_id()
        self.insert(
            "consent_entry", id=entry, kind="stop", scope="all", address_hash=address_hash, source="keyword", keyword="stop",
            at=self.now(),
        )  # fmt: skip
        sql = "select (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint * 1000 from consent_entry where id = %s"
        return self.connection.execute(sql, [entry]).fetchone()[0]

    def now(self):
        return self.connection.execute("select now()").fetchone()[0]

    def insert(self, table, **columns):
        names, marks = ", ".join(["workspace_id", *columns]), ", ".join(["%s"] * (len(columns) + 1))
        self.connection.execute(f"insert into {table} ({names}) values ({marks})", [WORKSPACE, *columns.values()])

    # ── whole stories ───────────────────────────────────────────────────────────────────────────────────

    def sent(self, *, purpose=NOTICE, promised=True, campaign=None, **message):
        """A text that was asked for, promised, submitted once and delivered, its receipt recorded: the phone, the words and the message."""
        serial = next(self.serials)
        to, text = f"447900{serial:06d}", f"Text {serial}"
        identifier = self.message(to, text, purpose=purpose, campaign=campaign, **message)
        if promised:
            self.ledger.note("asked", key=f"k{serial}", to=f"+{to}", text=text, again=purpose == CODE)
            self.ledger.note("accepted", key=f"k{serial}", message_id=str(identifier))
        self.attempt(identifier, f"p{serial}")
        self.submit(to, text, provider_id=f"p{serial}")
        frame = receipt(next(self.sequences), to, f"p{serial}")
        self.deliver(frame)
        self.receipt(frame)
        return to, text, identifier

    def heard(self, text="Is it ready?", *, stored=True, answered=True):
        """A text from a phone, acknowledged and stored."""
        serial = next(self.serials)
        source = f"447950{serial:06d}"
        frame = pdu("deliver_sm", next(self.sequences), source_addr=source, destination_addr="1234", short_message=gsm.gsm_encode(text))
        self.deliver(frame, answered=answered)
        if stored:
            conversation = new_id()
            self.insert(
                "conversation", id=conversation, inbox_id=CHANNEL, contact_id=new_id(), status=1, unread=0, version=1, last_at=self.now(),
            )  # fmt: skip
            self.message(source, text, direction=1, status=100, conversation=conversation, raw=frame)
        return source, frame

    def verdict(self):
        return judge.audit(frames=self.folder / "phones", database_url=self.url, ledger=self.folder / "ledger.jsonl")


def pdu(command, sequence, *, status=0, **fields):
    made = smpp.make_pdu(command, sequence=sequence, status=status, source_addr_ton=1, dest_addr_ton=1, **fields)
    return made.generate()


def receipt(sequence, phone, provider_id, state=consts.SMPP_MESSAGE_STATE_DELIVERED):
    return pdu(
        "deliver_sm", sequence, esm_class=4, source_addr=phone, destination_addr="1234", short_message=f"id:{provider_id} stat:DELIVRD".encode(),
        receipted_message_id=provider_id, message_state=state,
    )  # fmt: skip


def words(verdict, invariant):
    return " | ".join(str(one) for one in verdict.of(invariant))


__all__ = ["CODE", "UUID", "Evidence", "pdu", "receipt", "words"]
