-- What an automatic answer needs to know of its workspace, its settings (decisions.policy.Policy) as text.
select w.name, w.language, w.version, p.body::text
from workspace w
left join decision_policy p on p.workspace_id = w.id
where w.id = %(workspace_id)s;
