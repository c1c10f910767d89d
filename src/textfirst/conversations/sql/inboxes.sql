-- The inbox that each channel belongs to; one that nobody has put anywhere belongs to the first. Columns: channel_id, inbox_id.
select c.id, coalesce(
  (select ic.inbox_id from inbox_channel ic where ic.workspace_id = %(workspace_id)s and ic.channel_id = c.id),
  (select i.id from inbox i where i.workspace_id = %(workspace_id)s order by i.id limit 1)
)
from channel c
where c.workspace_id = %(workspace_id)s;
