-- The provider took these, and some of it may be written down already: by a try whose commit went unanswered, or by place.sql. Parameters are those of refs.sql.
insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id)
select %(workspace_id)s, r.id, r.message_id, %(channel_id)s, r.part, r.provider_id
from unnest(%(ids)s::uuid[], %(message_ids)s::uuid[], %(parts)s::smallint[], %(provider_ids)s::text[]) as r (id, message_id, part, provider_id)
on conflict do nothing;
