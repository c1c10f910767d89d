-- What registers say about numbers: whether it is on a do-not-call list, when it went to somebody else (null: it did not, or nothing is said); when
-- that was looked up is `on`. Arrays of one length; a null leaves what is known. A permission given after the number went over keeps its worth.
with said as (
  select * from unnest(%(address_hashes)b::bytea[], %(dnc)b::bool[], %(reassigned)b::date[]) as s (address_hash, dnc, reassigned_on)
), moved as (
  insert into consent_standing as s (workspace_id, id, address_hash, dnc_listed, dnc_checked_on, reassigned_on, reassigned_checked_on)
  select distinct on (address_hash) %(workspace_id)s, gen_random_uuid(), address_hash, dnc, case when dnc is not null then %(on)s::date end, reassigned_on,
    case when reassigned_on is not null then %(on)s::date end
  from said
  order by address_hash
  on conflict (workspace_id, address_hash) do update set
    dnc_listed = coalesce(excluded.dnc_listed, s.dnc_listed),
    dnc_checked_on = coalesce(excluded.dnc_checked_on, s.dnc_checked_on),
    reassigned_on = case when excluded.reassigned_on > (
        select max(e.at)::date from consent_entry e
        where e.workspace_id = %(workspace_id)s and e.id in (s.promotion_entry, s.greeting_entry) and e.kind <> 'legacy_unproven') is not false
      then coalesce(excluded.reassigned_on, s.reassigned_on) else s.reassigned_on end,
    reassigned_checked_on = coalesce(excluded.reassigned_checked_on, s.reassigned_checked_on)
  returning address_hash
)
update contact_identity set version = version + 1
where workspace_id = %(workspace_id)s and address_hash in (select address_hash from moved)
