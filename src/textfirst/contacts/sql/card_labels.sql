-- The labels of contacts.
select m.contact_id, l.id, l.name, l.color
from contact_label m
join label l on l.workspace_id = %(workspace_id)s and l.id = m.label_id
where m.workspace_id = %(workspace_id)s and m.contact_id = any(%(ids)s::uuid[])
order by lower(l.name)
