-- The conversations of some contacts, as they are: for messages that join one where there is one, and neither open nor move it (a notice).
-- Columns: contact_id, inbox_id, id.
select contact_id, inbox_id, id from conversation where workspace_id = %(workspace_id)s and contact_id = any(%(contact_ids)b::uuid[]);
