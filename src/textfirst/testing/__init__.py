"""Fakes and in-memory twins that ship, and the test database."""
