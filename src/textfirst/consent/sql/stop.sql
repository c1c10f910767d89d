-- These people told us to stop: suppress their addresses, keep what they said, and raise the version of every identity it touches.
-- Arrays of one length: identity_ids, entry_ids, message_ids, words, keywords; scope is all, marketing or a purpose's word.
-- Run consent/lock first, in the same transaction. One row per entry given: (identity_id, contact_id, changed); `changed` is false when the
-- address had stopped so before. The identities are locked in order, before anything else: whoever grants or lifts does the same.
with said as (
  select * from unnest(%(identity_ids)s::uuid[], %(entry_ids)s::uuid[], %(message_ids)s::uuid[], %(words)s::text[], %(keywords)s::text[])
    as s (identity_id, entry_id, message_id, words, keyword)
), addressed as materialized (
  select said.*, i.contact_id, i.address_hash, i.scheme || ':' || i.address as urn
  from said join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = said.identity_id
  order by i.id
  for no key update of i
), suppressed as (
  insert into suppression as p (workspace_id, id, address_hash, scope, source, entry_id, stopped_at)
  select distinct on (address_hash) %(workspace_id)s, entry_id, address_hash, %(scope)s, %(source)s, entry_id, %(at)s::timestamptz
  from addressed
  order by address_hash, entry_id
  on conflict (workspace_id, address_hash, scope) do update set stopped_at = excluded.stopped_at where excluded.stopped_at > p.stopped_at
  returning address_hash, xmax = 0 as fresh
), fresh as (
  select address_hash from suppressed where fresh
), salted as materialized (
  -- what a person wrote is always kept; a button pressed twice is not
  select a.*, consent_salt() as salt from addressed a
  where a.message_id is not null or a.address_hash in (select address_hash from fresh)
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, keyword, by_user_id, at, digest)
  select %(workspace_id)s, a.entry_id, 'stop', %(scope)s, a.address_hash, a.contact_id, %(channel_id)s::uuid, a.message_id, %(source)s,
    coalesce(a.keyword, ''), %(by_user_id)s::uuid, %(at)s::timestamptz, consent_digest(a.salt, a.urn, coalesce(a.words, ''), '', '', '', '')
  from salted a
  on conflict do nothing
  returning id
), personal as (
  insert into consent_person (workspace_id, id, salt, address, words, origin, ip, user_agent, note)
  select %(workspace_id)s, a.entry_id, a.salt, a.urn, coalesce(a.words, ''), '', '', '', ''
  from salted a join kept k on k.id = a.entry_id
), raised as (
  update contact_identity set version = version + 1
  where workspace_id = %(workspace_id)s and address_hash = any(array(select address_hash from fresh))
)
select a.identity_id, a.contact_id, a.address_hash in (select address_hash from fresh) from addressed a;
