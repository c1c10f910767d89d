-- Other deeds about addresses (withdrawal, hold, release, erasure, expiry): an entry each with its personal row; what stands changes by standing.sql.
-- Arrays of one length: entry_ids, address_hashes. An address without an identity has an entry too, without contact and address.
with given as (
  select * from unnest(%(entry_ids)b::uuid[], %(address_hashes)b::bytea[]) as g (entry_id, address_hash)
), whose as materialized (
  select g.*, i.contact_id, coalesce(i.scheme || ':' || i.address, '') as urn, consent_salt() as salt
  from given g left join contact_identity i on i.workspace_id = %(workspace_id)s and i.address_hash = g.address_hash
), personal as (
  insert into consent_person (workspace_id, id, salt, address, words, origin, ip, user_agent, note)
  select %(workspace_id)s, w.entry_id, w.salt, w.urn, %(words)s, %(origin)s, '', '', %(note)s from whose w where %(personal)s
)
insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, keyword, by_user_id, at, digest)
select %(workspace_id)s, w.entry_id, %(kind)s, %(scope)s, w.address_hash, w.contact_id, null, %(message_id)s::uuid, %(source)s, '',
  %(by_user_id)s::uuid, %(at)s::timestamptz,
  case when %(personal)s then consent_digest(w.salt, w.urn, %(words)s, %(origin)s, '', '', %(note)s) end
from whose w
