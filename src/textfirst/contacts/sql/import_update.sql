-- Contacts of a batch that say something new; arrays of one length. They are locked by import_known.sql.
update contact c
set first_name = n.first_name, last_name = n.last_name, language = n.language, time_zone = n.time_zone, birthday = n.birthday,
    country = n.country, region = n.region, prefers = n.prefers, own_cap = n.own_cap,
    attributes = n.attributes::jsonb, search_text = n.search_text, updated_at = now()
from unnest(%(ids)b::uuid[], %(first_name)b::text[], %(last_name)b::text[], %(language)b::text[], %(time_zone)b::text[], %(birthday)b::date[],
    %(country)b::text[], %(region)b::text[], %(prefers)b::smallint[], %(own_cap)b::smallint[], %(attributes)b::text[], %(search_texts)b::text[])
    as n (id, first_name, last_name, language, time_zone, birthday, country, region, prefers, own_cap, attributes, search_text)
where c.workspace_id = %(workspace_id)s and c.id = n.id
