"""Workspaces, users, roles, invitations, API keys."""
