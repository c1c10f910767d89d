-- The addresses of contacts, and whether somebody told us to stop there; the one last written from comes first, as it is the one texted.
select i.contact_id, i.id, i.scheme, i.address,
    exists (select from suppression s where s.workspace_id = %(workspace_id)s and s.address_hash = i.address_hash and s.scope = 'all') as stopped
from contact_identity i
where i.workspace_id = %(workspace_id)s and i.contact_id = any(%(ids)s::uuid[])
order by i.contact_id, i.last_inbound_at desc nulls last, i.created_at, i.id
