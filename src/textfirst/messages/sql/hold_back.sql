-- Say of messages that wait why they do. Columns tell the tally what each left: campaign_id, status, reason, segments.
with before as (
  select id, campaign_id, status, reason, segments from message
  where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]) and status <= 10
  order by id
  for no key update
), held as (
  update message m set reason = %(reason)s, status_at = %(now)s
  from before b where m.workspace_id = %(workspace_id)s and m.id = b.id
)
select campaign_id, status, reason, segments from before;
