-- Put contacts on lists; arrays of one length: ids, contact_ids, group_ids. A contact that is gone, or on the list already, is passed over.
insert into contact_list_member (workspace_id, id, contact_id, contact_list_id)
select %(workspace_id)s, p.id, p.contact_id, p.group_id
from unnest(%(ids)b::uuid[], %(contact_ids)b::uuid[], %(group_ids)b::uuid[]) as p (id, contact_id, group_id)
where exists (select from contact c where c.workspace_id = %(workspace_id)s and c.id = p.contact_id)
on conflict (workspace_id, contact_list_id, contact_id) do nothing
