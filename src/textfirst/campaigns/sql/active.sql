-- Workspaces with campaigns that need the pump; runs as owner. A campaign planned for later is left to its own job until its time has come, or, about an event, until it is looked at.
select workspace_id from campaign
where state in ('preparing', 'running') or (state = 'scheduled' and coalesce(begin_at, scheduled_at) <= now())
group by workspace_id
order by min(id::text);
