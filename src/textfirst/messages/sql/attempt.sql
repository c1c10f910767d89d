-- Bytes are about to leave: said before they do, in the transaction of the claim. Arrays of one length: ids, message_ids, parts.
insert into attempt (workspace_id, id, message_id, channel_id, part, epoch, outcome, node)
select %(workspace_id)s, a.id, a.message_id, %(channel_id)s, a.part, %(epoch)s, 0, %(node)s
from unnest(%(ids)s::uuid[], %(message_ids)s::uuid[], %(parts)s::smallint[]) as a (id, message_id, part);
