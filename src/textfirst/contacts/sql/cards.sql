-- Contacts by id, as they are shown.
select id, first_name, last_name, language, time_zone, birthday, attributes, blocked, created_at, updated_at, country, region, prefers, own_cap
from contact
where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[])
