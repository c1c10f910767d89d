"""Textfirst: the open-source customer texting platform."""

__version__ = "0.1.0"
