-- New contacts, each with the one number by which it was met, which the caller has just looked for and not found. A unique violation when somebody
-- else has made one of them meanwhile (whoever is at it is waited for): then everything is begun anew. `find_or_make` costs twice as much, for it
-- looks, and inserts so that it can be told no. Arrays of one length, in the order of addresses, so that two batches wait in one direction only.
with made as (
  insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text)
  select %(workspace_id)s, n.id, '', '', '', '', '{}', false, n.address
  from unnest(%(contact_ids)b::uuid[], %(addresses)b::text[]) as n (id, address)
)
insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version)
select %(workspace_id)s, n.id, n.contact_id, %(scheme)s, n.address, n.address_hash, 1
from unnest(%(identity_ids)b::uuid[], %(contact_ids)b::uuid[], %(addresses)b::text[], %(hashes)b::bytea[]) as n (id, contact_id, address, address_hash);
