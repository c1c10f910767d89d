-- The number each contact is texted at: the one they wrote from last, else the one we have known longest; null for a contact without any.
select c.id, i.id
from contact c
left join lateral (
  select id from contact_identity i
  where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.scheme = 'tel'
  order by last_inbound_at desc nulls last, created_at, id
  limit 1
) i on true
where c.workspace_id = %(workspace_id)s and c.id = any(%(contact_ids)s::uuid[]);
