-- Entries as their leaves are made of them (rules/chain.FIELDS, in order), each with its seal's number and place. Without entry_ids, of the seals
-- `first` to `last`, in the order of the chain.
select d.number, d.place, e.id::text, e.kind, e.scope, e.channels, encode(e.address_hash, 'hex'), e.contact_id::text, e.channel_id::text,
  e.message_id::text, e.source, e.keyword, encode(e.text_hash, 'hex'), e.language, e.by_user_id::text,
  (extract(epoch from e.at) * 1000000)::bigint::text, (extract(epoch from e.expires_at) * 1000000)::bigint::text, encode(e.digest, 'hex')
from consent_sealed d
left join consent_entry e on e.workspace_id = %(workspace_id)s and e.id = d.id
where d.workspace_id = %(workspace_id)s and d.number between %(first)s and %(last)s
order by d.number, d.place
