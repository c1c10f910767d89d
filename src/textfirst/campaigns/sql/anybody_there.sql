-- Whether anybody of the workspace may be at some places at all: by their number (found in its index), or by the country of their record.
select exists (
    select from unnest(%(from)s::text[], %(to)s::text[]) as numbers (first, beyond)
    cross join lateral (
      select from contact_identity i
      where i.workspace_id = %(workspace_id)s and i.scheme = 'tel' and i.address >= numbers.first and i.address < numbers.beyond
      limit 1
    ) found
  )
  or exists (select from contact c where c.workspace_id = %(workspace_id)s and c.country = any(%(countries)s::text[]));
