-- Say of messages that wait why they do: their person was written to too often lately.
update message set reason = 'too_many', status_at = %(now)s
where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]) and status = 10;
