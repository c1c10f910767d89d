-- Where messages are; columns are engine.ports.Standing.
select id, status, part_status, reason, segments, campaign_id, contact_id
from message
where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]);
