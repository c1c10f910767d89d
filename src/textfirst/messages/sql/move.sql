-- Move messages to a status, each only if it still is where it was when that was decided: two writers can never undo each other.
-- Arrays of one length: ids, before, statuses, reasons, flags, and parts_before and parts as text of smallint[] (null for a text in one part).
-- Returns the messages that moved, with their contacts.
update message m
set status = v.status, status_at = %(now)s, reason = v.reason, flags = m.flags | v.flags, part_status = v.parts::smallint[]
from unnest(%(ids)s::uuid[], %(before)s::smallint[], %(statuses)s::smallint[], %(reasons)s::text[], %(flags)s::smallint[],
  %(parts_before)s::text[], %(parts)s::text[]) as v (id, before, status, reason, flags, parts_before, parts)
where m.workspace_id = %(workspace_id)s and m.id = v.id and m.status = v.before and m.part_status is not distinct from v.parts_before::smallint[]
returning m.id, m.contact_id;
