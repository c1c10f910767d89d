-- What decide() needs to know about a set of identities; one row per identity that exists, in no order. Columns are types.Facts, in order.
select
    i.id, i.contact_id, i.scheme, i.address, null::uuid, null::uuid,
    i.version, w.version, (s.id is not null)::int, c.blocked, false,
    null::smallint, null::timestamptz, null::smallint, null::timestamptz, null::boolean, null::date,
    case when i.scheme = 'tel' then left(i.address, 5) else '' end, '', '', '', false, 0::smallint, null::smallint, null::smallint, ''
from contact_identity i
join contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
join workspace w on w.id = i.workspace_id
left join suppression s on s.workspace_id = i.workspace_id and s.address_hash = i.address_hash and s.scope = 'all'
where i.workspace_id = %(workspace_id)s and i.id = any(%(identity_ids)b::uuid[]);
