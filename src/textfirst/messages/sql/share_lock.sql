-- Taken by a claim before its first snapshot; whoever commits a stop takes the same lock exclusively (consent/lock).
select pg_advisory_xact_lock_shared(hashtextextended(%(workspace_id)s::text, 7301));
