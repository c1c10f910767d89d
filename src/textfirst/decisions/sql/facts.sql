-- What decide() needs to know about a set of identities; one row per identity that exists, in no order. Columns are types.Facts, in order. Look-ups by index only.
-- `counts` says whether to read what was sent to the contact lately: the newest 64 messages made between the ids `sent_since` and `sent_until` that are on
-- their phone, may be, or wait to be, as "minute.purpose", oldest first, with a "w" behind what waits for room. Pairs are compared so that only the index by contact fits: asked for ids alone,
-- PostgreSQL walks all that the workspace sent lately, for each person, while nobody has counted the table. The bound
-- besides spares a look into months that are past; as a select, so that no statistics, which may be old, can make a walk by it look short.
select i.id, i.contact_id, i.scheme, i.address, s.promotion_entry, s.greeting_entry,
  i.version, w.version, coalesce(s.stopped, 0), c.blocked, coalesce(s.held, false),
  s.promotion_kind, date_trunc('minute', s.promotion_until), s.greeting_kind, date_trunc('minute', s.greeting_until),
  s.dnc_listed, s.reassigned_on, case i.scheme when 'tel' then left(i.address, 5) else '' end, c.country, c.region, c.time_zone, s.any_hour_entry is not null,
  c.prefers, date_part('year', c.birthday)::smallint, c.own_cap,
  case when %(counts)s then coalesce((
    select string_agg(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 60000 || '.' || purpose || waits, ' ' order by id) from (
      select m.id, m.purpose, case when m.status = 5 and m.reason in ('capped', 'own_cap', 'law_cap') then 'w' else '' end as waits from message m
      where m.workspace_id = %(workspace_id)s and (m.contact_id, m.id) >= (i.contact_id, %(sent_since)s::uuid) and (m.contact_id, m.id) < (i.contact_id, %(sent_until)s::uuid)
        and m.id >= (select %(sent_since)s::uuid)
        and m.direction = 2 and (m.status <= 60 or m.status >= 80)
      order by m.contact_id desc, m.id desc
      limit 64
    ) lately
  ), '') else '' end
from contact_identity i
join contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
join workspace w on w.id = i.workspace_id
left join consent_standing s on s.workspace_id = i.workspace_id and s.address_hash = i.address_hash
where i.workspace_id = %(workspace_id)s and i.id = any(%(identity_ids)b::uuid[]);
