-- The key was used just now; written once a minute at most, so that a busy key is not a busy row.
update api_key set last_used_at = now()
where workspace_id = %(workspace_id)s and id = %(key_id)s and (last_used_at is null or last_used_at < now() - interval '1 minute')
