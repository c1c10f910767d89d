-- New contacts of a batch, whole; arrays of one length.
insert into contact (workspace_id, id, first_name, last_name, language, time_zone, birthday, attributes, blocked, search_text)
select %(workspace_id)s, n.id, n.first_name, n.last_name, n.language, n.time_zone, n.birthday, n.attributes::jsonb, false, n.search_text
from unnest(%(ids)b::uuid[], %(first_names)b::text[], %(last_names)b::text[], %(languages)b::text[], %(time_zones)b::text[], %(birthdays)b::date[],
    %(attributes)b::text[], %(search_texts)b::text[])
    as n (id, first_name, last_name, language, time_zone, birthday, attributes, search_text)
