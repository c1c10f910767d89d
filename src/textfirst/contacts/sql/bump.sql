-- Raise the version of every address of these contacts, in order, so that two of these never wait for each other in a circle.
update contact_identity i set version = i.version + 1
from (
    select id from contact_identity
    where workspace_id = %(workspace_id)s and contact_id = any(%(contact_ids)s::uuid[])
    order by id
    for update
) changed
where i.workspace_id = %(workspace_id)s and i.id = changed.id
