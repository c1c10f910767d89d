-- Recipients whose messages come next. Columns are types.Waiting.
select id, contact_id, identity_id
from recipient
where workspace_id = %(workspace_id)s and campaign_id = %(campaign_id)s and id > %(cursor)s
order by id
limit %(limit)s;
