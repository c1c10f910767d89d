-- The personal rows of every entry about these addresses go; what stands keeps stops, holds and the moment until which permissions do not count.
with gone as (
  delete from consent_person p using consent_entry e
  where e.workspace_id = %(workspace_id)s and e.address_hash = any(%(address_hashes)b::bytea[])
    and p.workspace_id = %(workspace_id)s and p.id = e.id
), asked as (
  delete from consent_request where workspace_id = %(workspace_id)s and address_hash = any(%(address_hashes)b::bytea[])
)
insert into consent_standing as s (workspace_id, id, address_hash, withdrawn_at)
select %(workspace_id)s, gen_random_uuid(), h, %(at)s::timestamptz from unnest(%(address_hashes)b::bytea[]) as h order by h
on conflict (workspace_id, address_hash) do update set
  withdrawn_at = greatest(s.withdrawn_at, excluded.withdrawn_at),
  promotion_kind = null, promotion_until = null, promotion_entry = null, greeting_kind = null, greeting_until = null, greeting_entry = null, any_hour_entry = null,
  dnc_listed = null, dnc_checked_on = null, reassigned_on = null, reassigned_checked_on = null
