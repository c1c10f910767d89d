-- Take messages in: a message row each, and an outbox row for those that shall be sent (queued or deferred). Nothing accepted is lost from here on.
-- Arrays of one length, a column each. The caller notifies textfirst_outbox once per channel.
with given as (
  select * from unnest(
    %(ids)s::uuid[], %(contact_ids)s::uuid[], %(identity_ids)s::uuid[], %(channel_ids)s::uuid[], %(conversation_ids)s::uuid[],
    %(campaign_ids)s::uuid[], %(author_ids)s::uuid[], %(api_key_ids)s::uuid[], %(purposes)s::smallint[], %(statuses)s::smallint[],
    %(flags)s::smallint[], %(segments)s::smallint[], %(encodings)s::smallint[], %(reasons)s::text[], %(addresses)s::text[], %(bodies)s::text[],
    %(lanes)s::smallint[], %(deliveries)s::smallint[], %(not_before)s::timestamptz[], %(not_after)s::timestamptz[],
    %(identity_versions)s::bigint[], %(workspace_versions)s::bigint[]
  ) as g (
    id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, purpose, status, flags, segments, encoding,
    reason, address, body, lane, delivery, not_before, not_after, identity_version, workspace_version
  )
), kept as (
  insert into message (
    workspace_id, id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, direction, purpose, status,
    flags, segments, encoding, reason, address, body
  )
  select %(workspace_id)s, id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, 2, purpose, status,
    flags, segments, encoding, reason, address, body
  from given
)
insert into outbox (
  workspace_id, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags, not_before, not_after,
  identity_version, workspace_version, address, body
)
select %(workspace_id)s, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, 0, flags, not_before, not_after,
  identity_version, workspace_version, address, body
from given
where status in (5, 10);
