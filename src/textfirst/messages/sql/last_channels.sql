-- The channel last used with each contact, among those that can be used now. One row per contact that has any.
select c.contact_id, m.channel_id
from unnest(%(contact_ids)b::uuid[]) as c (contact_id)
cross join lateral (
  select channel_id from message
  where workspace_id = %(workspace_id)s and contact_id = c.contact_id and channel_id = any(%(channel_ids)b::uuid[])
  order by id desc
  limit 1
) m;
