-- Contacts of a batch that say something new; arrays of one length. They are locked by import_known.sql.
update contact c
set first_name = n.first_name, last_name = n.last_name, language = n.language, time_zone = n.time_zone, birthday = n.birthday,
    attributes = n.attributes::jsonb, search_text = n.search_text, updated_at = now()
from unnest(%(ids)b::uuid[], %(first_names)b::text[], %(last_names)b::text[], %(languages)b::text[], %(time_zones)b::text[], %(birthdays)b::date[],
    %(attributes)b::text[], %(search_texts)b::text[])
    as n (id, first_name, last_name, language, time_zone, birthday, attributes, search_text)
where c.workspace_id = %(workspace_id)s and c.id = n.id
