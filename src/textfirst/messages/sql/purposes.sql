-- What messages are for, and where the first answer about each is kept: asked when a decision must be taken again.
select id, purpose, decision_id from message where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]);
