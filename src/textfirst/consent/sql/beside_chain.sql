-- What the chain itself cannot show, counted: entries that nobody sealed within five minutes, personal rows that differ from their digest or went
-- without an erasure, and stops that the row decisions read does not have.
select 'entry_inserted', count(*) from consent_entry e
where e.workspace_id = %(workspace_id)s and not exists (select from consent_sealed d where d.workspace_id = e.workspace_id and d.id = e.id)
  and not exists (select from consent_unsealed u where u.workspace_id = e.workspace_id and u.id = e.id)
union all
select 'seal_late', count(*) from consent_unsealed u join consent_entry e on e.workspace_id = u.workspace_id and e.id = u.id
where u.workspace_id = %(workspace_id)s
  and to_timestamp(('x' || substr(replace(u.id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0) < %(now)s::timestamptz - interval '5 minutes'
union all
select 'person_changed', count(*) from consent_person p join consent_entry e on e.workspace_id = p.workspace_id and e.id = p.id
where p.workspace_id = %(workspace_id)s
  and e.digest is distinct from consent_digest(p.salt, p.address, p.words, p.origin, p.ip, p.user_agent, p.note)
union all
select 'person_removed', count(*) from consent_entry e
where e.workspace_id = %(workspace_id)s and e.digest is not null
  and not exists (select from consent_person p where p.workspace_id = e.workspace_id and p.id = e.id)
  and not exists (
    select from consent_entry g where g.workspace_id = e.workspace_id and g.address_hash = e.address_hash and g.kind = 'erasure' and g.id > e.id)
union all
select 'stop_not_seen', count(*) from suppression s
where s.workspace_id = %(workspace_id)s and not exists (
  select from consent_standing t where t.workspace_id = s.workspace_id and t.address_hash = s.address_hash
    and t.stopped & consent_mask(s.scope) = consent_mask(s.scope))
