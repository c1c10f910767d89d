-- Move many messages of one part that stand alike to one status: each only if it still is where it was when that was decided.
-- Columns: how many moved, and which of them when not all did.
with moved as (
  update message
  set status = %(status)s, status_at = %(now)s, reason = %(reason)s::text
  where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]) and status = %(before)s and part_status is null
  returning id
)
select count(*), case when count(*) <> cardinality(%(ids)s::uuid[]) then array_agg(id) end from moved;
