-- Labels with how many contacts have them.
select l.id, l.name, l.color,
    (select count(*) from contact_label m where m.workspace_id = %(workspace_id)s and m.label_id = l.id) as contacts
from label l
where l.workspace_id = %(workspace_id)s
order by lower(l.name)
