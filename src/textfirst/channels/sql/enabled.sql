-- Every channel that should be connected, of every workspace. Runs as owner: the engine serves them all.
select workspace_id, id, kind, address, config, secrets, rate, "window", version, binds
from channel
where enabled and removed_at is null
order by id;
