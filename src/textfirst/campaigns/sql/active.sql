-- Campaigns that need the pump, of every workspace; runs as owner. One planned for later is left to its own job until its time has come.
select workspace_id, id from campaign
where state in ('preparing', 'running') or (state = 'scheduled' and scheduled_at <= now())
order by id;
