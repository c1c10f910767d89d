-- The provider took these, and nobody has written it down: else refs_again.sql, which costs half as much again. Arrays of one length: ids (the attempts'), message_ids, parts, provider_ids.
insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id)
select %(workspace_id)s, r.id, r.message_id, %(channel_id)s, r.part, r.provider_id
from unnest(%(ids)s::uuid[], %(message_ids)s::uuid[], %(parts)s::smallint[], %(provider_ids)s::text[]) as r (id, message_id, part, provider_id);
