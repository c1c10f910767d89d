-- By what clocks an audience lives: how a number of theirs begins, country, region and zone as their record has them, and how many are alike. The audience's
-- condition is put in by actions/events.py.
select case when i.scheme = 'tel' then left(i.address, 5) else '' end, c.country, c.region, c.time_zone, count(*)
from contact c
join contact_identity i on i.workspace_id = c.workspace_id and i.contact_id = c.id
where c.workspace_id = %(workspace_id)s and {condition}
group by 1, 2, 3, 4;
