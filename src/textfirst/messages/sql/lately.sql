-- When each of these identities was last written to: attempts since `since` of messages made since `made_since`, the newest hundreds, that reached
-- the carrier and were not refused. Columns: identity_id, the attempt's id (its time is in it).
select wanted.id, a.id
from unnest(%(identity_ids)s::uuid[]) as wanted (id)
join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = wanted.id
cross join lateral (
  select a.id
  from message m
  join attempt a on a.workspace_id = m.workspace_id and a.message_id = m.id
  where m.workspace_id = %(workspace_id)s and m.contact_id = i.contact_id and m.identity_id = i.id and m.id >= %(made_since)s and m.direction = 2
    and a.id >= %(since)s and a.part = 1 and a.outcome in (0, 2)
  order by a.id desc
  limit 600
) a;
