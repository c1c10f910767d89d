-- Promotions to these contacts that wait for room, made since the id `since`, give way to a newer one: out of the outbox, and they say so. What is being
-- claimed just now leaves. Columns tell what each left: id, consent_entry_id, campaign_id, status, reason, segments.
with waiting as (
  select o.id from unnest(%(contact_ids)b::uuid[]) as c (id)
  cross join lateral (
    select m.id from message m
    where m.workspace_id = %(workspace_id)s and (m.contact_id, m.id) >= (c.id, %(since)s::uuid)
      and (m.contact_id, m.id) <= (c.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      and m.direction = 2 and m.purpose = 1 and m.status = 5 and m.reason in ('capped', 'own_cap', 'law_cap')
    offset 0
  ) m
  join outbox o on o.workspace_id = %(workspace_id)s and o.id = m.id
  order by o.id
  for update of o skip locked
), gone as (
  delete from outbox o using waiting w where o.workspace_id = %(workspace_id)s and o.id = w.id returning o.id
), before as (
  select m.id, m.consent_entry_id, m.campaign_id, m.status, m.reason, m.segments from message m
  where m.workspace_id = %(workspace_id)s and m.id in (select id from gone)
  for no key update
), replaced as (
  update message m set status = 70, reason = 'replaced', status_at = %(now)s
  from before b where m.workspace_id = %(workspace_id)s and m.id = b.id
)
select id, consent_entry_id, campaign_id, status, reason, segments from before;
