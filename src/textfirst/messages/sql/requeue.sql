-- Put messages back into the outbox. Arrays of one length, a column each.
insert into outbox (
  workspace_id, channel_id, id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags, not_before, not_after,
  identity_version, workspace_version, address, body
)
select %(workspace_id)s, %(channel_id)s, r.*
from unnest(
  %(ids)s::uuid[], %(identity_ids)s::uuid[], %(campaign_ids)s::uuid[], %(lanes)s::smallint[], %(deliveries)s::smallint[], %(segments)s::smallint[],
  %(encodings)s::smallint[], %(attempts)s::smallint[], %(flags)s::smallint[], %(not_before)s::timestamptz[], %(not_after)s::timestamptz[],
  %(identity_versions)s::bigint[], %(workspace_versions)s::bigint[], %(addresses)s::text[], %(bodies)s::text[]
) as r
on conflict do nothing;
