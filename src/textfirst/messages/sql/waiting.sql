-- What waits because of a decision, in the order of ids after `after`: id, channel_id, identity_id, purpose, not_before, not_after, and the body of the first
-- decision, which says whether it was planned. Neither what is held nor what waits for the fuse.
select o.id, o.channel_id, o.identity_id, m.purpose, o.not_before, o.not_after, d.body
from outbox o
join message m on m.workspace_id = o.workspace_id and m.id = o.id
left join decision d on d.workspace_id = m.workspace_id and d.id = m.decision_id
where o.workspace_id = %(workspace_id)s and o.id > %(after)s and o.not_before > %(soon)s and o.lane <> 9
  and m.status = 5 and m.reason <> 'too_many'
order by o.id
limit %(limit)s;
