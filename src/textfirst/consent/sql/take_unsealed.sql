-- The next entries that wait for their seal, oldest first, taken from the queue; as their leaves are made of them (rules/chain.FIELDS, in order).
-- Only what is committed is seen, and what commits late is still in the queue then, whatever its id.
with taken as materialized (
  delete from consent_unsealed
  where workspace_id = %(workspace_id)s and id = any(array(
    select id from consent_unsealed where workspace_id = %(workspace_id)s order by id limit %(most)s))
  returning id
)
select e.id::text, e.kind, e.scope, e.channels, encode(e.address_hash, 'hex'), e.contact_id::text, e.channel_id::text,
  e.message_id::text, e.source, e.keyword, encode(e.text_hash, 'hex'), e.language, e.by_user_id::text,
  (extract(epoch from e.at) * 1000000)::bigint::text, (extract(epoch from e.expires_at) * 1000000)::bigint::text, encode(e.digest, 'hex')
from taken t
cross join lateral (select * from consent_entry where workspace_id = %(workspace_id)s and id = t.id) e
order by t.id
