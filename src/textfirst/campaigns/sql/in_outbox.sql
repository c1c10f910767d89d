-- Whether anything of a campaign still waits to be sent, at whichever channel; and whether any of it may leave before `soon`.
with waiting as not materialized (
  select not_before from outbox
  where workspace_id = %(workspace_id)s and channel_id = any(array(select id from channel where workspace_id = %(workspace_id)s)) and lane = any(%(lanes)s::smallint[]) and campaign_id = %(campaign_id)s
)
select exists (select from waiting), exists (select from waiting where not_before <= %(soon)s);
