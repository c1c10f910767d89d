-- How many messages wait in one lane of some channels and may leave before `soon`, and how many of those are a campaign's own, counting no further than
-- `most`. What waits for its hour is not in the way of those who may be reached now.
select count(*), count(*) filter (where campaign_id = %(campaign_id)s) from (
  select campaign_id from outbox
  where workspace_id = %(workspace_id)s and channel_id = any(%(channel_ids)s::uuid[]) and lane = %(lane)s and not_before <= %(soon)s
  limit %(most)s
) waiting;
