-- Where an audience may be: how a number of theirs begins, country and region as their record has them. The audience's condition is put in by actions/checking.py.
select case when i.scheme = 'tel' then left(i.address, 5) else '' end, c.country, c.region
from contact c
join contact_identity i on i.workspace_id = c.workspace_id and i.contact_id = c.id
where c.workspace_id = %(workspace_id)s and {condition}
group by 1, 2, 3;
