-- The identities of these addresses, locked in order, as stop.sql and grant.sql do; their versions are raised, for something decides otherwise now.
update contact_identity i set version = i.version + 1
from (
  select id from contact_identity
  where workspace_id = %(workspace_id)s and address_hash = any(%(address_hashes)b::bytea[])
  order by id
  for no key update
) locked
where i.workspace_id = %(workspace_id)s and i.id = locked.id
