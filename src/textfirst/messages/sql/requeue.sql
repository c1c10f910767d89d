-- Put messages back into the outbox. Arrays of one length, a column each.
-- Those of a campaign that was paused or cancelled meanwhile are held: the lock makes us wait for a pause that is just being written, and it
-- for us, so that none slips through between the two.
with standing as materialized (
  select id, state from campaign
  where workspace_id = %(workspace_id)s and id = any(%(campaign_ids)s::uuid[])
  order by id
  for key share
)
insert into outbox (
  workspace_id, channel_id, id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags, not_before, not_after,
  identity_version, workspace_version, address, body, send_by, arrive_by
)
select %(workspace_id)s, %(channel_id)s, r.id, r.identity_id, r.campaign_id, case when s.state in ('paused', 'cancelled') then 9 else r.lane end,
  r.delivery, r.segments, r.encoding, r.attempts, r.flags, r.not_before, r.not_after, r.identity_version, r.workspace_version, r.address, r.body,
  r.send_by, r.arrive_by
from unnest(
  %(ids)s::uuid[], %(identity_ids)s::uuid[], %(campaign_ids)s::uuid[], %(lanes)s::smallint[], %(deliveries)s::smallint[], %(segments)s::smallint[],
  %(encodings)s::smallint[], %(attempts)s::smallint[], %(flags)s::smallint[], %(not_before)s::timestamptz[], %(not_after)s::timestamptz[],
  %(identity_versions)s::bigint[], %(workspace_versions)s::bigint[], %(addresses)s::text[], %(bodies)s::text[],
  %(send_by)s::timestamptz[], %(arrive_by)s::timestamptz[]
) as r (
  id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags, not_before, not_after, identity_version, workspace_version,
  address, body, send_by, arrive_by
)
left join standing s on s.id = r.campaign_id
on conflict do nothing;
