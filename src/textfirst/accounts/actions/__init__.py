"""Writes about people, workspaces and keys: one function per verb."""
