-- Messages go to other carriers: the outbox, and the message, by whose channel its receipt and its silence are judged. Arrays of one length: ids, channel_ids.
with moved as (
  update outbox o set channel_id = t.channel_id
  from unnest(%(ids)s::uuid[], %(channel_ids)s::uuid[]) as t (id, channel_id)
  where o.workspace_id = %(workspace_id)s and o.id = t.id
  returning o.id, o.channel_id
)
update message m set channel_id = moved.channel_id
from moved where m.workspace_id = %(workspace_id)s and m.id = moved.id;
