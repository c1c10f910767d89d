"""The console's HTTP: auth, paging, errors; v1 holds the operations."""
