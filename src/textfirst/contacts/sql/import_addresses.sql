-- Addresses of a batch, in order; whoever made one of them a moment ago keeps it, and fewer ids come back: the batch is then laid again.
insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version)
select %(workspace_id)s, n.id, n.contact_id, n.scheme, n.address, n.address_hash, 1
from unnest(%(ids)b::uuid[], %(contact_ids)b::uuid[], %(schemes)b::text[], %(addresses)b::text[], %(hashes)b::bytea[])
    as n (id, contact_id, scheme, address, address_hash)
order by n.scheme, n.address
on conflict (workspace_id, scheme, address) do nothing
returning id
