"""PostgreSQL: the embedded server, migration helpers, workspace keys, partitions, row-level security."""
