"""Carriers reached over HTTP with JSON; docs/reference/http-carrier.md is what they are asked to speak."""
