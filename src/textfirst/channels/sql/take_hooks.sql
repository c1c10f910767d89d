-- These are read: returns those that were still waiting. Of two readers the second waits for the first, and finds nothing.
delete from hook_waiting
where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and id = any(%(ids)s::uuid[])
returning id;
