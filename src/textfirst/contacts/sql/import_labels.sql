-- Labels by name, made when there is none of that name, in capitals or not.
with made as (
    insert into label (workspace_id, id, name, color)
    select %(workspace_id)s, n.id, n.name, 'gray' from unnest(%(ids)b::uuid[], %(names)b::text[]) as n (id, name)
    order by lower(n.name)
    on conflict (workspace_id, lower(name)) do nothing
    returning id, name
)
select id, name from made
union all
select l.id, l.name from label l
where l.workspace_id = %(workspace_id)s and lower(l.name) in (select lower(n) from unnest(%(names)b::text[]) as n)
