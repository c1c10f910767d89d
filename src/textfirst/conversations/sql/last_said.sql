-- The newest message of each of these conversations is its last again, as after messages have moved; one that has none keeps what it has.
update conversation c set last_message_id = m.id
from unnest(%(conversation_ids)b::uuid[]) as g (id)
cross join lateral (
  select m.id from message m
  join conversation o on o.workspace_id = %(workspace_id)s and o.id = g.id
  where m.workspace_id = %(workspace_id)s and m.contact_id = o.contact_id and m.conversation_id = g.id
  order by m.id desc
  limit 1
) m
where c.workspace_id = %(workspace_id)s and c.id = g.id
