-- What an automatic answer needs to know of its workspace: its settings (decisions.policy.Policy) as text, and the words of its forms ('' for one that
-- has none or is shut), null where there is no form at all.
select w.name, w.language, w.version, p.body::text,
  (select array_agg(case when f.enabled then f.keyword else '' end) from consent_form f where f.workspace_id = %(workspace_id)s)
from workspace w
left join decision_policy p on p.workspace_id = w.id
where w.id = %(workspace_id)s;
