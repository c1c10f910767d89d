-- What messages are for, where the first answer about each is kept, and its body: asked when a decision must be taken again.
select m.id, m.purpose, m.decision_id, d.body from message m
left join decision d on d.workspace_id = m.workspace_id and d.id = m.decision_id
where m.workspace_id = %(workspace_id)s and m.id = any(%(ids)s::uuid[]);
