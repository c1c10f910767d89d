-- How many messages wait in one lane of a channel, counting no further than `most`.
select count(*) from (
  select from outbox
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and lane = %(lane)s
  limit %(most)s
) waiting;
