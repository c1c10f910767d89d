-- Recipients with one of these identities belong to another contact. By campaign, for that is how recipients are found.
update recipient r set contact_id = %(contact_id)s
from campaign c
where c.workspace_id = %(workspace_id)s and r.workspace_id = %(workspace_id)s and r.campaign_id = c.id
  and r.identity_id = any(%(identity_ids)b::uuid[])
