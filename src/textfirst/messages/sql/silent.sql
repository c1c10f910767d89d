-- Messages that a carrier took and never reported on: made in a stretch of time long enough ago (D16). Columns are engine.ports.Standing.
select id, status, part_status, reason, segments, campaign_id, contact_id
from message
where workspace_id = %(workspace_id)s and id >= %(since)s and id < %(until)s and direction = 2 and channel_id = %(channel_id)s
  and status in (40, 50)
limit 1000;
