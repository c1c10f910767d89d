-- The contacts that have one of these addresses, locked in order against other writers until the batch is committed, with all their addresses;
-- with their labels and whether they are on the import's list only when the import is about those.
with wanted as (
    select scheme, address from unnest(%(schemes)b::text[], %(addresses)b::text[]) as w (scheme, address)
), owners as materialized (
    select distinct i.contact_id
    from wanted w
    cross join lateral (
        select contact_id from contact_identity where workspace_id = %(workspace_id)s and scheme = w.scheme and address = w.address limit 1
    ) i
    order by i.contact_id
)
select c.id, c.first_name, c.last_name, c.language, c.time_zone, c.birthday, c.country, c.region, c.prefers, c.own_cap, c.attributes,
    array(select n.scheme || ':' || n.address from contact_identity n where n.workspace_id = %(workspace_id)s and n.contact_id = c.id) as urns,
    case when %(with_labels)s then array(
        select l.name from contact_label m join label l on l.workspace_id = %(workspace_id)s and l.id = m.label_id
        where m.workspace_id = %(workspace_id)s and m.contact_id = c.id
    ) else '{}' end as labels,
    %(list_id)s::uuid is not null and exists (
        select from contact_list_member m
        where m.workspace_id = %(workspace_id)s and m.contact_list_id = %(list_id)s and m.contact_id = c.id
    ) as listed
from owners o
cross join lateral (select * from contact where workspace_id = %(workspace_id)s and id = o.contact_id for no key update) c
