-- Whether anything of a campaign still waits to be sent, at whichever channel.
select exists (
  select from outbox
  where workspace_id = %(workspace_id)s and channel_id = any(array(select id from channel where workspace_id = %(workspace_id)s)) and lane = any(%(lanes)s::smallint[]) and campaign_id = %(campaign_id)s
);
