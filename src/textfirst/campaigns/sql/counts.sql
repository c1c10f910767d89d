-- How many messages of each campaign are in which status and why. Columns after the campaign are types.Counted.
select campaign_id, status, reason, sum(messages), sum(segments)
from campaign_tally
where workspace_id = %(workspace_id)s and campaign_id = any(%(campaign_ids)s::uuid[])
group by campaign_id, status, reason
having sum(messages) <> 0;
