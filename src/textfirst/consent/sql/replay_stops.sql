-- Stops that a restore undid, put in force again as the owner: suppressions, an entry each, and what waits is decided again.
with said as (
  select r.* from unnest(%(entry_ids)s::uuid[], %(workspace_ids)s::uuid[], %(hashes)s::bytea[], %(scopes)s::text[], %(ats)s::timestamptz[])
    as r (entry_id, workspace_id, address_hash, scope, at)
  join workspace w on w.id = r.workspace_id
), back as (
  insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at)
  select workspace_id, entry_id, address_hash, scope, 'restore', entry_id, at from said order by workspace_id, address_hash, scope
  on conflict (workspace_id, address_hash, scope) do nothing
  returning workspace_id, id, address_hash, scope, stopped_at
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, address_hash, source, keyword, at)
  select workspace_id, id, 'stop', scope, address_hash, 'restore', '', stopped_at from back
), raised as (
  update contact_identity i set version = i.version + 1 from back b where i.workspace_id = b.workspace_id and i.address_hash = b.address_hash
)
select id from back
