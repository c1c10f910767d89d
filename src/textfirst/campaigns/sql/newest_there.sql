-- The newest contacts of an audience at some places, at most `most`. The audience's condition is put in by actions/checking.py.
select c.id
from contact c
where c.workspace_id = %(workspace_id)s and {condition} and (
    c.country = any(%(countries)s::text[]) or exists (
      select from contact_identity i
      where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.scheme = 'tel' and left(i.address, 5) = any(%(prefixes)s::text[])
    )
  )
order by c.id desc
limit %(most)s;
