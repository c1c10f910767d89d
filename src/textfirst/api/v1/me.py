"""Who am I, and where."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.router import Router

router = Router(tags=["account"])


class MeOut(Schema):
    workspace_id: UUID
    role: Role


@router.get("/me", response=MeOut)
@needs(Role.VIEWER)
def read_me(request: Request) -> dict:
    return {"workspace_id": request.caller.workspace_id, "role": request.caller.role}
