-- Workspaces in which channels stand in for one another. Runs as owner.
select workspace_id from channel
where removed_at is null and pool <> ''
group by workspace_id, pool
having count(*) > 1;
