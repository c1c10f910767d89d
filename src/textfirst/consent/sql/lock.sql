-- Taken before a stop or a start is written, so that no claim can hold an older snapshot and commit after it (docs/explain/contracts.md).
select pg_advisory_xact_lock(hashtextextended(%(workspace_id)s::text, 7301));
