"""Decoders against arbitrary bytes: `make fuzz`, or `python -m fuzz --minutes 60 frames`."""
