-- What a channel's provider sent and nobody has read yet, oldest first.
select h.id, h.headers, h.body
from (
  select workspace_id, id from hook_waiting
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s
  order by id
  limit %(limit)s
) w
join hook h on h.workspace_id = w.workspace_id and h.id = w.id
order by w.id;
