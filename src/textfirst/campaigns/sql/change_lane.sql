-- Move what waits of a campaign, at whichever channel, from one lane to another: to the lane that is never claimed for a pause, and back.
update outbox set lane = %(to)s
where workspace_id = %(workspace_id)s and channel_id = any(array(select id from channel where workspace_id = %(workspace_id)s)) and lane = %(from)s and campaign_id = %(campaign_id)s;
