"""Imports over HTTP: upload, look, map, run, report."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.contact_files import TODAY, workbook

from textfirst.contacts.actions.importing import run_import

FILE = "Name;Phone;Born\nAnna;694 123 4567;3/4/1990\n=Eleni;12;\n"


def upload(caller, content: str | bytes = FILE, name: str = "people.csv"):
    data = content.encode() if isinstance(content, str) else content
    return caller.client.post("/api/v1/imports", {"file": SimpleUploadedFile(name, data)}, headers=caller.headers)


def test_from_upload_to_report(api, workspace):
    admin = api("admin")
    made = upload(admin)
    assert made.status_code == 201
    found = made.json()
    assert found["state"] == "uploaded"
    assert found["mapping"] == {"0": "first_name", "1": "phone", "2": "birthday"}
    assert [column["name"] for column in found["shape"]["columns"]] == ["Name", "Phone", "Born"]
    assert found["shape"]["columns"][2] == {
        "index": 2,
        "name": "Born",
        "samples": ["3/4/1990"],
        "date_order": "dmy",
        "date_order_assumed": True,
    }
    assert found["preview"] == [
        {
            "row": 2, "cells": ["Anna", "694 123 4567", "3/4/1990"], "error": None,
            "result": {"phone": "+306941234567", "name": "Anna", "first_name": "Anna", "birthday": "1990-04-03", "attributes": {}, "labels": []},
        },
        {
            "row": 3, "cells": ["=Eleni", "12", ""], "result": None,
            "error": {"column": "Phone", "code": "number_too_short", "message": "“12” is too short to be a phone number."},
        },
    ]  # fmt: skip

    changed = admin.patch(f"/imports/{found['id']}", {"shape": {"date_orders": {"2": "mdy"}}, "new_list": "Spring"}).json()
    assert (changed["preview"][0]["result"]["birthday"], changed["list"]["name"]) == ("1990-03-04", "Spring")
    assert admin.patch(f"/imports/{found['id']}", {"list_id": None}).json()["list"] is None

    assert admin.post(f"/imports/{found['id']}/start").json()["state"] == "running"
    assert admin.post(f"/imports/{found['id']}/start").json()["code"] == "import_started"
    run_import(workspace.id, found["id"], TODAY)
    done = admin.get(f"/imports/{found['id']}").json()
    assert (done["state"], done["rows_total"], done["rows_done"], done["created"], done["failed"], done["preview"]) == (
        "done",
        2,
        2,
        1,
        1,
        [],
    )
    assert admin.get(f"/imports/{found['id']}/errors").json() == {
        "items": [
            {
                "row": 3,
                "column": "Phone",
                "code": "number_too_short",
                "message": "“12” is too short to be a phone number.",
                "cells": ["=Eleni", "12", ""],
            }
        ],
        "next": None,
    }
    report = b"".join(admin.get(f"/imports/{found['id']}/errors.csv", {"workspace": str(workspace.id)}).streaming_content).decode(
        "utf-8-sig"
    )
    assert report == "Name,Phone,Born,problem\r\n'=Eleni,12,,Phone: “12” is too short to be a phone number.\r\n"
    assert [i["id"] for i in admin.get("/imports").json()["items"]] == [found["id"]]
    assert admin.delete(f"/imports/{found['id']}").status_code == 204
    assert admin.get(f"/imports/{found['id']}").status_code == 404


def test_the_job_is_queued_by_name_with_its_import(api, workspace):
    from procrastinate.contrib.django.models import ProcrastinateJob

    admin = api("admin")
    import_id = upload(admin).json()["id"]
    admin.post(f"/imports/{import_id}/start")
    job = ProcrastinateJob.objects.get(task_name="contacts.run_import")
    assert job.args == {"workspace_id": str(workspace.id), "import_id": import_id}


def test_stopped_and_resumed(api, workspace):
    admin = api("admin")
    import_id = upload(admin).json()["id"]
    assert admin.post(f"/imports/{import_id}/stop").json()["code"] == "import_not_running"
    assert admin.post(f"/imports/{import_id}/resume").json()["code"] == "import_not_stopped"
    admin.post(f"/imports/{import_id}/start")
    assert admin.post(f"/imports/{import_id}/stop").json()["state"] == "stopping"
    assert admin.delete(f"/imports/{import_id}").json()["code"] == "import_running"
    run_import(workspace.id, import_id, TODAY)
    assert admin.get(f"/imports/{import_id}").json()["state"] == "stopped"
    assert admin.post(f"/imports/{import_id}/resume").json()["state"] == "running"
    run_import(workspace.id, import_id, TODAY)
    assert admin.get(f"/imports/{import_id}").json()["created"] == 1


def test_a_workbook_and_its_sheets(api):
    admin = api("admin")
    found = upload(admin, workbook([["Phone"], ["+306941234567"]], ("One", "Two")), "people.xlsx").json()
    assert (found["shape"]["kind"], found["shape"]["sheet"], found["shape"]["sheets"]) == ("xlsx", "Two", ["One", "Two"])
    refused = admin.patch(f"/imports/{found['id']}", {"shape": {"sheet": "One"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "file_empty")
    assert admin.get(f"/imports/{found['id']}").json()["preview"][0]["cells"] == ["+306941234567"]


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"PK\x03\x04", "workbook_unreadable")])
def test_a_file_that_is_no_table(api, content, code):
    refused = upload(api("admin", language="ar"), content)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["fields"]["file"] == refused.json()["message"]
    assert refused.json()["message"] not in {"The file is empty.", ""}


def test_who_may_and_whose_it_is(api, other_workspace):
    import_id = upload(api("admin")).json()["id"]
    assert upload(api("agent")).status_code == 403
    assert upload(api.key("contacts:write")).status_code == 403
    assert api("viewer").get(f"/imports/{import_id}").status_code == 200
    stranger = api("admin", workspace=other_workspace)
    for act in ("start", "stop", "resume"):
        assert stranger.post(f"/imports/{import_id}/{act}").status_code == 404
    for path in (f"/imports/{import_id}", f"/imports/{import_id}/errors", f"/imports/{import_id}/errors.csv"):
        assert stranger.get(path).status_code == 404
    assert stranger.get("/imports").json()["items"] == []
