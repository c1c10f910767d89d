"""The carrier simulator and the wall of fake phones."""
