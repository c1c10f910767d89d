-- Attributes in use among the newest 5,000 contacts, most used first, each with a value as example. All contacts would take seconds at a million.
select a.key, max(left(a.value, 100)) as example
from (select attributes from contact where workspace_id = %(workspace_id)s order by id desc limit 5000) c
cross join lateral jsonb_each_text(c.attributes) a (key, value)
group by a.key
order by count(*) desc, a.key
limit 100
