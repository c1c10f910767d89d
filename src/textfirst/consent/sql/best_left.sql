-- What stands for these addresses by the ledger: of the permissions in force, given after the last withdrawal and still answered for, the one that ranks highest (the place of
-- its kind in `ranks`), and of equal ones the one that lasts longest.
with force as (
  select e.address_hash, e.id, e.expires_at, array_position(%(ranks)s::text[], e.kind) as rank, p.purpose
  from consent_entry e
  join consent_standing s on s.workspace_id = e.workspace_id and s.address_hash = e.address_hash
  cross join lateral (values ('promotion', s.promotion_withdrawn_at), ('greeting', s.greeting_withdrawn_at)) p (purpose, ended)
  where e.workspace_id = %(workspace_id)s and e.address_hash = any(%(address_hashes)b::bytea[]) and e.kind = any(%(ranks)s::text[])
    and e.scope in ('all', 'marketing', p.purpose) and (e.expires_at is null or e.expires_at > %(now)s::timestamptz)
    and (s.withdrawn_at is null or e.at > s.withdrawn_at) and (p.ended is null or (e.at > p.ended and e.kind <> 'attested'))
    and not (e.kind = 'attested' and exists (
      select from consent_entry r
      where r.workspace_id = e.workspace_id and r.address_hash = e.address_hash and r.kind = 'retraction' and r.id > e.id))
), best as (
  select distinct on (address_hash, purpose) * from force order by address_hash, purpose, rank desc, expires_at desc nulls first, id desc
)
update consent_standing s set
  promotion_kind = p.rank, promotion_until = p.expires_at, promotion_entry = p.id, greeting_kind = g.rank, greeting_until = g.expires_at,
  greeting_entry = g.id
from unnest(%(address_hashes)b::bytea[]) as a (address_hash)
left join best p on p.address_hash = a.address_hash and p.purpose = 'promotion'
left join best g on g.address_hash = a.address_hash and g.purpose = 'greeting'
where s.workspace_id = %(workspace_id)s and s.address_hash = a.address_hash
