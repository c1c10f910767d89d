-- Receipts with these provider ids that came before their message was known, and now is, locked for `adopted`. Columns are engine.ports.Orphan.
-- Ids are compared as bytes on purpose, see find.sql.
select r.id, f.message_id, f.part, r.status, r.error
from receipt r
cross join lateral (
  select p.message_id, p.part
  from provider_ref p
  join message m on m.workspace_id = p.workspace_id and m.id = p.message_id
  where p.workspace_id = r.workspace_id and p.channel_id = r.channel_id and p.provider_id = r.provider_id
    and uuid_send(p.id) >= uuid_send(%(since)s)
    and right(m.address, length(right(ltrim(r.address, '+0'), 8))) = right(ltrim(r.address, '+0'), 8)
  order by uuid_send(p.id) desc
  limit 1
) f
where r.workspace_id = %(workspace_id)s and r.channel_id = %(channel_id)s and r.message_id is null and r.provider_id = any(%(provider_ids)s::text[])
  and uuid_send(r.id) >= uuid_send(%(since)s)
for update of r skip locked;
