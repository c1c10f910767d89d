-- What waits of these contacts because of a decision, as sql/waiting.sql tells it. Found by contact, one after the other: a join without statistics would walk the outbox.
select o.id, o.channel_id, o.identity_id, m.purpose, o.not_before, o.not_after, d.body
from unnest(%(contact_ids)b::uuid[]) as c (id)
cross join lateral (
  select m.id, m.purpose, m.decision_id from message m
  where m.workspace_id = %(workspace_id)s and m.contact_id = c.id and m.direction = 2 and m.status = 5 and m.reason <> 'too_many'
  offset 0
) m
join outbox o on o.workspace_id = %(workspace_id)s and o.id = m.id
left join decision d on d.workspace_id = %(workspace_id)s and d.id = m.decision_id
where o.not_before > %(soon)s and o.lane <> 9
order by o.id;
