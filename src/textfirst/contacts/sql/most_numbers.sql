-- The most numbers that one contact has.
select max(numbers) from (
    select count(*) as numbers from contact_identity where workspace_id = %(workspace_id)s and scheme = 'tel' group by contact_id
) counted
