-- It is taken in by this transaction. Of two who try the second waits for the first, and finds nothing.
update intake_rejected set replayed_at = %(now)s
where workspace_id = %(workspace_id)s and id = %(id)s and asked_at is not null and replayed_at is null
returning id;
