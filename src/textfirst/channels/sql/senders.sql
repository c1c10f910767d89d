-- The channels that a workspace can send by, real ones that are on first. Columns are channels.rules.carriers.Sender.
-- A channel is there while one of its binds was up within the last minute; what nobody has tried yet is given the chance.
select c.id, c.kind, c.enabled, c.pool, c.address, coalesce(s.share, 100),
  h.id is null or coalesce(h.bound_at > now() - interval '60 seconds', false)
from channel c
left join channel_health h on h.workspace_id = c.workspace_id and h.id = c.id
left join channel_share s on s.workspace_id = c.workspace_id and s.id = c.id and s.pool = c.pool
where c.workspace_id = %(workspace_id)s and c.removed_at is null
order by c.kind = 'simulator', not c.enabled, c.id;
