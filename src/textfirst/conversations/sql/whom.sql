-- Contacts as an inbox shows them, with the number each is texted at: the one they wrote from last, else the one we have known longest.
select c.id, c.first_name, c.last_name, c.blocked, i.id, i.address, s.id is not null
from contact c
left join lateral (
  select n.id, n.address, n.address_hash from contact_identity n
  where n.workspace_id = %(workspace_id)s and n.contact_id = c.id and n.scheme = 'tel'
  order by n.last_inbound_at desc nulls last, n.created_at, n.id
  limit 1
) i on true
left join suppression s on s.workspace_id = %(workspace_id)s and s.address_hash = i.address_hash and s.scope = 'all'
where c.workspace_id = %(workspace_id)s and c.id = any(%(contact_ids)s::uuid[]);
