-- Texts that came in. Arrays of one length, a column each; all of one channel.
insert into message (
  workspace_id, channel_id, direction, purpose, status, status_at, id, contact_id, identity_id, conversation_id, flags, segments, encoding, address,
  body, raw
)
select %(workspace_id)s, %(channel_id)s, 1, %(purpose)s, 100, %(now)s, t.*
from unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(identity_ids)s::uuid[], %(conversation_ids)s::uuid[], %(flags)s::smallint[],
  %(segments)s::smallint[], %(encodings)s::smallint[], %(addresses)s::text[], %(bodies)s::text[], %(raws)s::bytea[]) as t;
