-- The number each contact is texted at: the one they wrote from last, else the one we have known longest. One row per contact that has any.
select distinct on (contact_id) contact_id, id
from contact_identity
where workspace_id = %(workspace_id)s and contact_id = any(%(contact_ids)s::uuid[]) and scheme = 'tel'
order by contact_id, last_inbound_at desc nulls last, created_at, id;
