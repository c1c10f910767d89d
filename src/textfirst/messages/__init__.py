"""A message and its life: templates, rendering, segments, status."""
