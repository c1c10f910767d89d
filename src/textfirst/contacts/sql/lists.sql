-- Lists with how many contacts are in them.
select l.id, l.name,
    (select count(*) from contact_list_member m where m.workspace_id = %(workspace_id)s and m.contact_list_id = l.id) as contacts, l.created_at
from contact_list l
where l.workspace_id = %(workspace_id)s
order by lower(l.name)
