-- Every attribute in use; reads every contact, so only for an export.
select distinct a.key
from contact c
cross join lateral jsonb_object_keys(c.attributes) a (key)
where c.workspace_id = %(workspace_id)s
order by a.key
