-- These people want our texts again: the mirror of stop.sql, with the same parameters and the same answer.
-- It lifts what was stopped and nothing else: a stop of this scope; and with scope all, where no stop for everything stands, those of single
-- purposes. A stop that is younger than `at` stays, whatever order they reach us in.
with said as (
  select * from unnest(%(identity_ids)s::uuid[], %(entry_ids)s::uuid[], %(message_ids)s::uuid[], %(words)s::text[], %(keywords)s::text[])
    as s (identity_id, entry_id, message_id, words, keyword)
), addressed as materialized (
  select said.*, i.contact_id, i.address_hash, i.scheme || ':' || i.address as urn
  from said join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = said.identity_id
  order by i.id
  for no key update of i
), released as (
  delete from suppression p
  where p.workspace_id = %(workspace_id)s and p.address_hash in (select address_hash from addressed) and p.stopped_at <= %(at)s::timestamptz
    and (p.scope = %(scope)s or %(scope)s = 'all' and not exists (
      select from suppression w where w.workspace_id = %(workspace_id)s and w.address_hash = p.address_hash and w.scope = 'all'))
  returning address_hash
), salted as materialized (
  select a.*, consent_salt() as salt from addressed a
  where a.message_id is not null or a.address_hash in (select address_hash from released)
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, keyword, by_user_id, at, digest)
  select %(workspace_id)s, a.entry_id, 'start', %(scope)s, a.address_hash, a.contact_id, %(channel_id)s::uuid, a.message_id, %(source)s,
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
  where workspace_id = %(workspace_id)s and address_hash = any(array(select address_hash from released))
)
select a.identity_id, a.contact_id, a.address_hash in (select address_hash from released) from addressed a;
