-- Move messages that stand alike to one status, each only if it still is where it was when that was decided: two writers can never undo
-- each other. `parts_before` and `parts` are part_status (null for a text in one part). Returns the messages that moved, with their contacts.
-- One statement for each way of moving, and no join with a list of values: joined, a new and uncounted table is read whole for each value.
update message
set status = %(status)s, status_at = %(now)s, reason = %(reason)s::text, flags = flags | %(flags)s::smallint, part_status = %(parts)s::smallint[]
where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]) and status = %(before)s
  and part_status is not distinct from %(parts_before)s::smallint[]
returning id, contact_id;
