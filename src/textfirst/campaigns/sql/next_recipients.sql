-- Recipients whose messages come next, with all that is needed to make them: id, contact_id, identity_id, then decisions.types.Facts of the identity in order
-- (all null: it is gone), then what the text says of the contact. actions/making.py puts the last two in where they are named in braces.
with next as materialized (
  select id, contact_id, identity_id
  from recipient
  where workspace_id = %(workspace_id)s and campaign_id = %(campaign_id)s and id > %(cursor)s
  order by id
  limit %(limit)s
)
select n.id, n.contact_id, n.identity_id, f.*{values}
from next n
left join lateral (
{facts}
) as f (identity_id, of_contact, scheme, address) on true
left join contact c on c.workspace_id = %(workspace_id)s and c.id = n.contact_id
order by n.id;
