-- Marketing to these people waits for a person of the team (held true), or no longer does: parameters as stop.sql's, and `held`.
-- One row per entry given: (identity_id, contact_id, changed); `changed` is false when it was so before.
with said as (
  select * from unnest(%(identity_ids)s::uuid[], %(entry_ids)s::uuid[], %(message_ids)s::uuid[], %(words)s::text[], %(keywords)s::text[])
    as s (identity_id, entry_id, message_id, words, keyword)
), addressed as materialized (
  select said.*, i.contact_id, i.address_hash, i.scheme || ':' || i.address as urn, consent_salt() as salt
  from said join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = said.identity_id
  order by i.id
  for no key update of i
), moved as (
  insert into consent_standing as s (workspace_id, id, address_hash, held)
  select distinct on (address_hash) %(workspace_id)s, gen_random_uuid(), address_hash, %(held)s from addressed order by address_hash
  on conflict (workspace_id, address_hash) do update set held = excluded.held where s.held <> excluded.held
  returning address_hash
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, keyword, by_user_id, at, digest)
  select %(workspace_id)s, a.entry_id, case when %(held)s then 'hold' else 'release' end, %(scope)s, a.address_hash, a.contact_id,
    %(channel_id)s::uuid, a.message_id, %(source)s, coalesce(a.keyword, ''), %(by_user_id)s::uuid, %(at)s::timestamptz,
    consent_digest(a.salt, a.urn, coalesce(a.words, ''), '', '', '', '')
  from addressed a
  where a.message_id is not null or a.address_hash in (select address_hash from moved)
  on conflict do nothing
  returning id
), personal as (
  insert into consent_person (workspace_id, id, salt, address, words, origin, ip, user_agent, note)
  select %(workspace_id)s, a.entry_id, a.salt, a.urn, coalesce(a.words, ''), '', '', '', ''
  from addressed a join kept k on k.id = a.entry_id
), raised as (
  update contact_identity set version = version + 1
  where workspace_id = %(workspace_id)s and address_hash = any(array(select address_hash from moved))
)
select a.identity_id, a.contact_id, a.address_hash in (select address_hash from moved) from addressed a
