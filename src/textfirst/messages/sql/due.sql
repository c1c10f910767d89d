-- Which channels have something to send now. Runs as owner: arrays of one length, workspace_ids and channel_ids, name every row it may see.
select c.channel_id
from unnest(%(workspace_ids)s::uuid[], %(channel_ids)s::uuid[]) as c (workspace_id, channel_id)
where exists (
  select from unnest('{0,1,2,3}'::smallint[]) as l (lane)
  cross join lateral (
    select from outbox o
    where o.workspace_id = c.workspace_id and o.channel_id = c.channel_id and o.lane = l.lane and o.not_before <= now()
    limit 1
  ) waiting
);
