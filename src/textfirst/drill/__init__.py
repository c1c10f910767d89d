"""Faults on purpose: an installation is loaded and broken, and an auditor that shares no code with it says what held."""
