"""Carriers reached by SMPP 3.4."""
