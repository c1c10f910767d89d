-- What a workspace has settled about reaching people (null: nothing, the defaults hold), and the version up to which that is so.
select w.version, p.body::text
from workspace w
left join decision_policy p on p.workspace_id = w.id
where w.id = %(workspace_id)s;
