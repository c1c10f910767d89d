-- New contacts of a batch, whole; arrays of one length.
insert into contact (workspace_id, id, first_name, last_name, language, time_zone, birthday, country, region, prefers, own_cap, attributes, blocked, search_text)
select %(workspace_id)s, n.id, n.first_name, n.last_name, n.language, n.time_zone, n.birthday, n.country, n.region, n.prefers, n.own_cap,
    n.attributes::jsonb, false, n.search_text
from unnest(%(ids)b::uuid[], %(first_name)b::text[], %(last_name)b::text[], %(language)b::text[], %(time_zone)b::text[], %(birthday)b::date[],
    %(country)b::text[], %(region)b::text[], %(prefers)b::smallint[], %(own_cap)b::smallint[], %(attributes)b::text[], %(search_texts)b::text[])
    as n (id, first_name, last_name, language, time_zone, birthday, country, region, prefers, own_cap, attributes, search_text)
