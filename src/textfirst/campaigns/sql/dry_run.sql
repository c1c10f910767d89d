-- An audience by what is known of its people and what a text says of them: how many are alike, then decisions.types.Facts beyond who they are, in order (all null:
-- no number), then the text's own columns. actions/dry_run.py puts audience, facts, their names, the text's columns and the places to group by in where they are named in braces.
select count(*), {known}{values}
from ({audience}) a
left join contact c on c.workspace_id = %(workspace_id)s and c.id = a.contact_id
left join lateral (
{facts}
) as f ({names}) on true
group by {places};
