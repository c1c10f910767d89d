-- Whether anything of a campaign still waits to be sent.
select exists (
  select from outbox
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and lane = any(%(lanes)s::smallint[]) and campaign_id = %(campaign_id)s
);
