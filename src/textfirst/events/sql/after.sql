-- A workspace's events after a cursor, in an order in which none can still appear in between: only transactions older than every running one.
select xid, id, kind, subject_id, data
from event
where workspace_id = %(workspace_id)s
  and (xid, id) > (%(xid)s::bigint, %(id)s::uuid)
  and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by xid, id
limit %(limit)s;
