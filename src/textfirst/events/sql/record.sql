-- Record what changed and wake those who listen: PostgreSQL folds equal notifications of one transaction into one.
-- Arrays of one length: ids, kinds, subject_ids, data (JSON).
with recorded as (
  insert into event (workspace_id, id, kind, subject_id, data)
  select %(workspace_id)s, e.id, e.kind, e.subject_id, e.data
  from unnest(%(ids)b::uuid[], %(kinds)b::text[], %(subject_ids)b::uuid[], %(data)b::jsonb[]) as e (id, kind, subject_id, data)
  returning id
)
select pg_notify('textfirst_events', %(workspace_id)s::text) where exists (select from recorded);
