-- The messages that receipts name by our own id, as far as they left by this channel.
-- Columns: engine.ports.Standing.
select m.id, m.status, m.part_status, m.reason, m.segments, m.campaign_id, m.contact_id
from message m
where m.workspace_id = %(workspace_id)s and m.id = any(%(ids)s::uuid[]) and m.channel_id = %(channel_id)s and m.direction = 2;
