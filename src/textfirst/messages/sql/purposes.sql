-- What messages are for: asked when a decision must be taken again.
select id, purpose from message where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]);
