-- A stretch of a campaign's recipients with what became of their messages (null: not made yet); `stretch` rows are looked at, from `after` on.
-- Columns: id, contact_id, first and last name, address, status, reason, status_at, until when it waits.
with looked as (
  select r.id, r.contact_id, r.identity_id
  from recipient r
  where r.workspace_id = %(workspace_id)s and r.campaign_id = %(campaign_id)s and r.id > %(after)s
    and (%(identity_ids)s::uuid[] is null or r.identity_id = any(%(identity_ids)s::uuid[]))
  order by r.id
  limit %(stretch)s
)
select l.id, l.contact_id, c.first_name, c.last_name, coalesce(m.address, i.address, ''), m.status, m.reason, m.status_at, o.not_before
from looked l
left join message m on m.workspace_id = %(workspace_id)s and m.id = l.id
left join contact c on c.workspace_id = %(workspace_id)s and c.id = l.contact_id
left join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = l.identity_id
left join outbox o on o.workspace_id = %(workspace_id)s and o.id = m.id and m.status = 5
where (%(statuses)s::smallint[] is null or coalesce(m.status, %(unmade)s) = any(%(statuses)s::smallint[]))
  and (%(reason)s::text is null or m.reason = %(reason)s or starts_with(m.reason, %(reason)s || ':') or (m.id is null and %(reason)s = %(why_unmade)s))
order by l.id
limit %(limit)s;
