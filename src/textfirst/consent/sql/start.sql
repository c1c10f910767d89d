-- These people want our texts again: the mirror of stop.sql, with the same parameters and the same answer.
with said as (
  select * from unnest(%(identity_ids)s::uuid[], %(entry_ids)s::uuid[], %(message_ids)s::uuid[], %(words)s::text[], %(keywords)s::text[])
    as s (identity_id, entry_id, message_id, words, keyword)
), addressed as (
  select said.*, i.contact_id, i.address_hash
  from said join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = said.identity_id
), released as (
  delete from suppression
  where workspace_id = %(workspace_id)s and scope = 'all' and address_hash in (select address_hash from addressed)
  returning address_hash
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, contact_id, channel_id, message_id, source, words, keyword, by_user_id, at)
  select %(workspace_id)s, a.entry_id, 'start', 'all', a.address_hash, a.contact_id, %(channel_id)s::uuid, a.message_id, %(source)s,
    coalesce(a.words, ''), coalesce(a.keyword, ''), %(by_user_id)s::uuid, %(at)s::timestamptz
  from addressed a
  where a.message_id is not null or a.address_hash in (select address_hash from released)
  on conflict do nothing
), raised as (
  update contact_identity set version = version + 1
  where workspace_id = %(workspace_id)s and address_hash in (select address_hash from released)
)
select a.identity_id, a.contact_id, a.address_hash in (select address_hash from released) from addressed a;
