-- The lists contacts are in.
select m.contact_id, l.id, l.name
from contact_list_member m
join contact_list l on l.workspace_id = %(workspace_id)s and l.id = m.contact_list_id
where m.workspace_id = %(workspace_id)s and m.contact_id = any(%(ids)s::uuid[])
order by lower(l.name)
