-- What waits of a campaign, at whichever channel, is not sent any more. Rows (old status, messages, segments) tell the tally what left where.
with gone as (
  delete from outbox
  where workspace_id = %(workspace_id)s and channel_id = any(array(select id from channel where workspace_id = %(workspace_id)s)) and lane = any(%(lanes)s::smallint[]) and campaign_id = %(campaign_id)s
  returning id
), before as (
  select m.id, m.status, m.segments from message m
  where m.workspace_id = %(workspace_id)s and m.id in (select id from gone) and m.status < 40
  for update
), cancelled as (
  update message m set status = 71, reason = 'cancelled', status_at = %(now)s
  from before b where m.workspace_id = %(workspace_id)s and m.id = b.id
)
select status, count(*), sum(segments) from before group by status;
