-- An audience by what is known of its people and what a text says of them: how many are alike, then decisions.types.Facts beyond who they are, in order (all null:
-- no number), then the text's own columns. Of several pages each has every so-manieth contact. actions/dry_run.py puts audience, facts, their names, the text's columns and the places to group by in where they are named in braces.
select count(*), {known}{values}
from ({audience}) a
left join contact c on c.workspace_id = %(workspace_id)s and c.id = a.contact_id
left join lateral (
{facts}
) as f ({names}) on true
where get_byte(uuid_send(a.contact_id), 15) %% %(pages)s = %(page)s
group by {places};
