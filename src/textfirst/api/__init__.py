"""The console's HTTP: who asks, paging, errors; the operations are in `v1/<noun>.py`."""
