-- Whether anybody of the workspace may be at some places at all: by their number, or by the country of their record. In order of address, so that the index
-- by address is walked and nothing else: to a planner in a hurry for one row, all of the workspace looks like the shorter way.
select exists (
    select from unnest(%(from)s::text[], %(to)s::text[]) as numbers (first, beyond)
    cross join lateral (
      select i.address from contact_identity i
      where i.workspace_id = %(workspace_id)s and i.scheme = 'tel' and i.address >= numbers.first and i.address < numbers.beyond
      order by i.address
      limit 1
    ) found
  )
  or exists (select from contact c where c.workspace_id = %(workspace_id)s and c.country = any(%(countries)s::text[]));
