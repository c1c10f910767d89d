from __future__ import annotations

from textfirst.accounts.models import Workspace
from textfirst.channels.models import Channel
from textfirst.database.scope import workspace_scope


def make_channel(
    workspace: Workspace, kind: str = "simulator", address: str = "+306900000000", name: str = "Simulator", **fields
) -> Channel:
    with workspace_scope(workspace.id):
        return Channel.objects.create(workspace_id=workspace.id, kind=kind, address=address, name=name, **fields)
