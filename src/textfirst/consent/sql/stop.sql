-- These people told us to stop: suppress their addresses, keep what they said, and raise the version of every identity it touches.
-- Arrays of one length: identity_ids, entry_ids, message_ids, words, keywords. Run consent/lock first, in the same transaction.
-- One row per entry given: (identity_id, contact_id, changed); `changed` is false when the address had stopped before.
with said as (
  select * from unnest(%(identity_ids)s::uuid[], %(entry_ids)s::uuid[], %(message_ids)s::uuid[], %(words)s::text[], %(keywords)s::text[])
    as s (identity_id, entry_id, message_id, words, keyword)
), addressed as (
  select said.*, i.contact_id, i.address_hash
  from said join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = said.identity_id
), suppressed as (
  insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at)
  select distinct on (address_hash) %(workspace_id)s, entry_id, address_hash, 'all', %(source)s, entry_id, %(at)s::timestamptz
  from addressed
  order by address_hash, entry_id
  on conflict do nothing
  returning address_hash
), kept as (
  -- what a person wrote is always kept; a button pressed twice is not
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, words, keyword, by_user_id, at)
  select %(workspace_id)s, a.entry_id, 'stop', 'all', a.address_hash, a.contact_id, %(channel_id)s::uuid, a.message_id, %(source)s,
    coalesce(a.words, ''), coalesce(a.keyword, ''), %(by_user_id)s::uuid, %(at)s::timestamptz
  from addressed a
  where a.message_id is not null or a.address_hash in (select address_hash from suppressed)
  on conflict do nothing
), raised as (
  update contact_identity set version = version + 1
  where workspace_id = %(workspace_id)s and address_hash in (select address_hash from suppressed)
)
select a.identity_id, a.contact_id, a.address_hash in (select address_hash from suppressed) from addressed a;
