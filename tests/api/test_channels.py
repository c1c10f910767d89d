from __future__ import annotations

import json
import socket
import socketserver
import threading
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from tests.factories import make_channel

from textfirst.channels.models import Channel, ChannelHealth, ChannelShift
from textfirst.channels.rules.hooks import read_hook_path
from textfirst.database.keys import box, derived_key
from textfirst.database.scope import workspace_scope
from textfirst.messages.actions.carriers import look_after
from textfirst.protocols.smpp import build, pdus
from textfirst.protocols.smpp.framer import Framer

SMPP = {
    "name": "Carrier",
    "kind": "smpp",
    "address": "+30 690 000 0000",
    "config": {"host": "smpp.example.com", "system_id": "blue"},
    "secrets": {"password": "open sesame"},
}


def stored(channel_id: str) -> Channel:
    from textfirst.database.scope import as_owner

    with as_owner():
        return Channel.objects.get(id=channel_id)


class Carrier(socketserver.ThreadingTCPServer):
    """Answers a bind with `status`."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, status: int) -> None:
        self.status = status
        self.binds: list[pdus.Bind] = []
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        framer = Framer()
        while data := self.request.recv(4096):
            for event in framer.feed(data):
                if isinstance(event, pdus.Bind):
                    self.server.binds.append(event)
                    self.request.sendall(
                        build.bind_resp(event.sequence, command=event.command, system_id="carrier", status=self.server.status)
                    )
                elif isinstance(event, pdus.Unbind | pdus.Unframed):
                    return


@pytest.fixture
def carrier():
    opened = []

    def start(status: int = 0) -> Carrier:
        server = Carrier(status)
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        opened.append(server)
        return server

    yield start
    for server in opened:
        server.shutdown()
        server.server_close()


def form(server: Carrier | None = None, port: int = 0, **secrets: str) -> dict:
    where = server.server_address[1] if server else port
    return {
        "kind": "smpp",
        "config": {"host": "127.0.0.1", "port": where, "system_id": "blue"},
        "secrets": {"password": "sesame"} | secrets,
    }


def test_a_channel_is_added_with_its_kinds_defaults(api, workspace):
    answer = api("admin").post("/channels", SMPP | {"inbox_id": None})
    assert answer.status_code == 404  # no inbox yet
    from textfirst.api.provision import provision

    provision(workspace)
    made = api("admin").post("/channels", SMPP).json()
    assert made["config"] == {
        "host": "smpp.example.com", "port": 2775, "system_id": "blue", "tls": "off", "binding": "transceiver", "system_type": "", "service_type": "",
        "alphabet": "gsm7", "message_ids": "as_is", "receipts": True, "send_validity": True, "keep_plus": False, "wide_reference": False,
        "destination_ton": 1, "destination_npi": 1, "answer_timeout": 60, "bind_timeout": 30, "enquire_every": 30,
        "enquire_timeout": 10, "codes": "",
    }  # fmt: skip
    assert (made["address"], made["rate"], made["window"], made["enabled"], made["has_secret"]) == ("+306900000000", 0, 10, True, True)
    assert made["health"] == {"state": "off", "detail": "", "code": "", "since": None}
    assert made["inbox_id"] is not None


def test_secrets_are_sealed_and_never_read_back(api, provisioned):
    admin = api("admin")
    made = admin.post("/channels", SMPP)
    assert "open sesame" not in made.content.decode() + admin.get("/channels").content.decode()
    sealed = bytes(stored(made.json()["id"]).secrets)
    assert b"sesame" not in sealed
    assert json.loads(box(settings.PROCESS.keys_file).decrypt(sealed)) == {"password": "open sesame"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "not a sender at all"}, "address"),
        ({"address": "+12"}, "address"),
        ({"config": {"system_id": "blue"}}, "config.host"),
        ({"config": {"host": "h", "system_id": "blue", "port": 70000}}, "config.port"),
        ({"config": {"host": "h", "system_id": "blue", "port": "2775"}}, "config.port"),
        ({"config": {"host": "h", "system_id": "blue", "port": True}}, "config.port"),
        ({"config": {"host": "h", "system_id": "blue", "tls": "maybe"}}, "config.tls"),
        ({"config": {"host": "h", "system_id": "blue", "receipts": "yes"}}, "config.receipts"),
        ({"config": {"host": "h", "system_id": "ελληνικά"}}, "config.system_id"),
        ({"config": {"host": "h\x00", "system_id": "blue"}}, None),
        ({"config": {"host": "h", "system_id": "b" * 65}}, "config.system_id"),
        ({"config": {"host": "h", "system_id": "blue", "colour": "red"}}, "config.colour"),
        ({"secrets": {}}, "secrets.password"),
        ({"secrets": {"password": ""}}, "secrets.password"),
        ({"secrets": {"password": "x", "pin": "1"}}, "secrets.pin"),
        ({"kind": "pigeon"}, "kind"),
        ({"rate": -1}, "rate"),
        ({"window": 0}, "window"),
    ],
)
def test_what_makes_no_channel_is_said_at_its_field(api, provisioned, change, field):
    answer = api("admin").post("/channels", SMPP | change)
    if field is None:
        assert answer.status_code in {400, 422}
    else:
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


@pytest.mark.parametrize(
    ("typed", "kept"), [("+30 (690) 000-0000", "+306900000000"), ("54321", "54321"), (" BlueDoor ", "BlueDoor"), ("Blue Door", "Blue Door")]
)
def test_how_a_sender_is_kept(api, provisioned, typed, kept):
    assert api("admin").post("/channels", SMPP | {"address": typed}).json()["address"] == kept


def test_an_edit_raises_the_version_and_keeps_the_password(api, provisioned):
    admin = api("admin")
    channel_id = admin.post("/channels", SMPP).json()["id"]
    before = stored(channel_id)
    changed = admin.patch(f"/channels/{channel_id}", {"rate": 30, "config": SMPP["config"] | {"system_type": "VMA"}}).json()
    after = stored(channel_id)
    assert (changed["rate"], changed["config"]["system_type"], after.version, bytes(after.secrets)) == (30, "VMA", 2, bytes(before.secrets))


@pytest.mark.parametrize("move", [{"host": "mallory.example"}, {"port": 3550}, {"tls": "unverified"}])
def test_a_password_is_not_sent_elsewhere_by_somebody_who_does_not_know_it(api, provisioned, move):
    admin = api("admin")
    channel_id = admin.post("/channels", SMPP).json()["id"]
    for answer in (
        admin.patch(f"/channels/{channel_id}", {"config": SMPP["config"] | move}),
        admin.post("/channels/test", {"channel_id": channel_id, "config": SMPP["config"] | move}),
    ):
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["secrets.password"])
    known = {"config": SMPP["config"] | move, "secrets": {"password": "open sesame"}}
    assert admin.patch(f"/channels/{channel_id}", known).status_code == 200


def test_a_password_whose_keys_are_gone_is_entered_again(api, provisioned):
    admin = api("admin")
    channel_id = admin.post("/channels", SMPP).json()["id"]
    with workspace_scope(provisioned.id):
        Channel.objects.filter(id=channel_id).update(secrets=b"sealed elsewhere")
    assert admin.post("/channels/test", {"channel_id": channel_id}).json()["code"] == "keys_gone"
    assert admin.get(f"/channels/{channel_id}").status_code == 200
    assert admin.patch(f"/channels/{channel_id}", {"secrets": {"password": "anew"}}).status_code == 200


def test_a_removed_channel_is_gone_and_forgets_its_password(api, provisioned):
    admin = api("admin")
    channel_id = admin.post("/channels", SMPP).json()["id"]
    assert admin.delete(f"/channels/{channel_id}").status_code == 204
    assert admin.get(f"/channels/{channel_id}").status_code == 404
    assert admin.delete(f"/channels/{channel_id}").status_code == 404
    left = stored(channel_id)
    assert (left.enabled, bytes(left.secrets)) == (False, b"")


def test_the_last_simulator_stays(api, workspace):
    first = make_channel(workspace)
    admin = api("admin")
    assert admin.delete(f"/channels/{first.id}").json()["code"] == "last_simulator"
    make_channel(workspace)
    assert admin.delete(f"/channels/{first.id}").status_code == 204


def test_health_is_what_the_engine_says(api, workspace):
    channel = make_channel(workspace)
    with workspace_scope(workspace.id):
        ChannelHealth.objects.create(
            workspace_id=workspace.id, id=channel.id, state="refused", code="wrong_password",
            facts={"why": "the password is wrong", "status": "0x0000000E", "again_in": 60},
        )  # fmt: skip
    admin = api("admin")
    health = admin.get(f"/channels/{channel.id}").json()["health"]
    assert (health["state"], health["code"]) == ("refused", "wrong_password")
    assert health["detail"].startswith("The carrier refused our login: the password is wrong (0x0000000E). Check system id")
    assert health["detail"].endswith("We try again in 60 seconds.")
    arabic = api("admin", language="ar").get(f"/channels/{channel.id}").json()["health"]["detail"]
    assert ("كلمة المرور خاطئة" in arabic, "password" in arabic) == (True, False)
    assert admin.patch(f"/channels/{channel.id}", {"enabled": False}).json()["health"]["state"] == "off"


def test_a_foreign_channel_is_not_there(api, workspace, other_workspace):
    foreign = make_channel(other_workspace)
    admin = api("admin")
    statuses = [admin.get(f"/channels/{foreign.id}"), admin.patch(f"/channels/{foreign.id}", {"name": "x"}), admin.delete(f"/channels/{foreign.id}"),
                admin.post("/channels/test", {"channel_id": str(foreign.id)}), admin.get("/simulator/phones", {"channel_id": str(foreign.id)})]  # fmt: skip
    assert {answer.status_code for answer in statuses} == {404}


def test_who_may_change_a_channel_sees_where_its_provider_calls_us(api, workspace):
    from textfirst.api.provision import provision

    provision(workspace)
    given = {"name": "Web", "kind": "http", "address": "10001", "config": {"url": "https://texts.example.com/v1"},
             "secrets": {"api_key": "k", "hook_secret": "a secret of the river"}}  # fmt: skip
    made = api("admin").post("/channels", given)
    assert made.status_code == 201, made.json()
    channel = made.json()
    assert channel["hook_url"].startswith(f"{settings.PROCESS.url}/hooks/{channel['id']}/")
    assert read_hook_path(channel["hook_url"].removeprefix(settings.PROCESS.url), derived_key(settings.PROCESS.keys_file, "hook"))
    assert api("agent").get(f"/channels/{channel['id']}").json()["hook_url"] is None
    assert api("admin").post("/channels", SMPP).json()["hook_url"] is None
    short = api("admin").post("/channels", {**given, "secrets": {"api_key": "k", "hook_secret": "short"}})
    assert list(short.json()["fields"]) == ["secrets.hook_secret"]


def test_kinds_describe_their_forms(api):
    kinds = {kind["kind"]: kind for kind in api("viewer").get("/channels/kinds").json()["items"]}
    fields = {field["name"]: field for field in kinds["smpp"]["fields"]}
    assert set(kinds) == {"smpp", "http", "simulator"}
    assert (fields["port"]["default"], fields["port"]["least"], fields["port"]["most"]) == (2775, 1, 65535)
    assert (fields["password"]["type"], fields["password"]["required"]) == ("secret", True)
    assert api("viewer", language="ar").get("/channels/kinds").json()["items"][0]["fields"][0]["label"] != fields["host"]["label"]


def test_what_is_declared_is_what_the_adapter_reads():
    from dataclasses import fields

    from textfirst.channels.adapters.smpp.declaration import SMPP as DECLARED
    from textfirst.channels.adapters.smpp.settings import SmppSettings, read_settings
    from textfirst.channels.contract import ChannelFacts
    from textfirst.channels.rules.forms import check_config
    from textfirst.core.ids import new_id

    config, problems = check_config(DECLARED, {"host": "h", "system_id": "s"})
    facts = ChannelFacts(new_id(), new_id(), "smpp", "1234", config, {"password": "p"}, 0, 10, 1)
    by_form, by_adapter = read_settings(facts), read_settings(facts._replace(config={"host": "h", "system_id": "s"}))
    assert (problems, by_form) == ({}, by_adapter)
    known = {field.name for field in fields(SmppSettings)} | {"message_ids"}
    assert {spec.name for spec in DECLARED.fields} <= known


def test_a_test_logs_in_for_real(api, carrier):
    server = carrier()
    assert api("admin").post("/channels/test", form(server)).json() == {"ok": True, "code": "bound", "detail": "Connected and logged in."}
    assert [(bind.system_id, bind.password) for bind in server.binds] == [("blue", "sesame")]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (0x0E, "wrong_password", "the password is wrong"),
        (0x0F, "wrong_system_id", "the system id is wrong"),
        (0x0D, "refused", "the carrier refused the bind"),
        (0x05, "bound_already", "already connected"),
        (0x08, "carrier_trouble", "system error"),
    ],
)
def test_a_refusal_is_told_in_words(api, carrier, status, code, words):
    said = api("admin").post("/channels/test", form(carrier(status))).json()
    assert (said["ok"], said["code"], words in said["detail"]) == (False, code, True)


def test_nobody_there(api):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = api("admin").post("/channels/test", form(port=port)).json()
    assert (said["code"], "127.0.0.1" in said["detail"]) == ("unreachable", True)


def test_a_host_that_is_none(api):
    said = api("admin").post("/channels/test", form(port=2775) | {"config": {"host": "no-such-host.invalid", "system_id": "blue"}}).json()
    assert (said["ok"], said["code"]) == (False, "unreachable")


def test_a_plain_server_where_tls_is_wanted(api, carrier):
    wanted = form(carrier())
    wanted["config"]["tls"] = "on"
    said = api("admin").post("/channels/test", wanted).json()
    assert (said["ok"], said["code"]) == (False, "tls_ended")


@pytest.mark.parametrize("tls", ["off", "on"])
def test_a_silent_server_is_given_up(api, monkeypatch, tls):
    monkeypatch.setattr("textfirst.channels.actions.TEST_PATIENCE", 0.3)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        wanted = form(port=silent.getsockname()[1])
        wanted["config"]["tls"] = tls
        said = api("admin").post("/channels/test", wanted).json()
    assert (said["code"], time.monotonic() - began < 5) == ("no_answer", True)


def test_a_stored_channel_is_tried_with_its_own_password(api, provisioned, carrier):
    server, admin = carrier(), api("admin")
    channel_id = admin.post("/channels", SMPP | form(server)).json()["id"]
    assert admin.post("/channels/test", {"channel_id": channel_id}).json()["ok"] is True
    assert server.binds[0].password == "sesame"


def test_an_unfinished_form_is_not_tried(api):
    assert api("admin").post("/channels/test", {}).status_code == 422
    assert list(api("admin").post("/channels/test", {"kind": "smpp"}).json()["fields"]) == ["secrets.password"]


@pytest.mark.django_db(transaction=True)
def test_changes_are_announced(api, provisioned, listen):
    admin = api("admin")
    heard = listen("textfirst_channels")
    channel_id = admin.post("/channels", SMPP).json()["id"]
    admin.patch(f"/channels/{channel_id}", {"rate": 5})
    admin.delete(f"/channels/{channel_id}")
    assert heard() == [channel_id] * 3


def test_carriers_that_stand_in_for_one_another(api, provisioned):
    admin = api("admin")
    first = admin.post("/channels", SMPP | {"pool": " all ", "weight": 70, "binds": 3}).json()
    assert (first["pool"], first["weight"], first["binds"], first["carrier"]) == ("all", 70, 3, None)
    second = admin.post("/channels", SMPP | {"pool": "all"}).json()
    look_after(provisioned.id, datetime.now(UTC))
    shown = admin.get(f"/channels/{first['id']}").json()["carrier"]
    assert (shown["share"], shown["sent"], shown["median_seconds"]) == (58, 0, None)
    with workspace_scope(provisioned.id):
        ChannelShift.objects.create(
            workspace_id=provisioned.id, pool="all", source=first["id"], target=second["id"], points=10, reason="slow", facts={"sent": 9, "slow": 2}
        )  # fmt: skip
    [shift] = admin.get(f"/channels/{second['id']}/shifts").json()["items"]
    assert (shift["from_id"], shift["to_id"], shift["points"], shift["reason"]) == (first["id"], second["id"], 10, "slow")
    alone = admin.patch(f"/channels/{first['id']}", {"pool": ""}).json()
    assert (alone["pool"], alone["carrier"]) == ("", None)
    assert admin.get(f"/channels/{first['id']}/shifts").json()["items"] == []
    assert admin.patch(f"/channels/{first['id']}", {"binds": 17}).status_code == 422
