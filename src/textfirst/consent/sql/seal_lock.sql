-- One sealer at a time in a workspace; whether it is us. It holds up nobody who writes entries.
select pg_try_advisory_xact_lock(hashtextextended(%(workspace_id)s::text, 7302))
