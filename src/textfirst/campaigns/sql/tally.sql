-- So many messages of a campaign reached a status, or left it (negative). Append-only: no two writers wait for each other.
-- Arrays of one length: ids, campaign_ids, statuses, reasons (null for none), messages, segments.
insert into campaign_tally (workspace_id, id, campaign_id, status, reason, messages, segments)
select %(workspace_id)s, t.id, t.campaign_id, t.status, coalesce(t.reason, ''), t.messages, t.segments
from unnest(%(ids)s::uuid[], %(campaign_ids)s::uuid[], %(statuses)s::smallint[], %(reasons)s::text[], %(messages)s::integer[], %(segments)s::integer[])
  as t (id, campaign_id, status, reason, messages, segments);
