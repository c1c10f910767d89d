"""Starts, watches and stops the processes; imports no Django."""
