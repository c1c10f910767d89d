-- Campaigns of a workspace that have something to do, oldest first. One cancelled a moment ago has: what the engine had taken and put back after the cancelling is swept up.
select id, state = 'cancelled'
from campaign
where workspace_id = %(workspace_id)s
  and (state in ('preparing', 'running') or (state = 'scheduled' and coalesce(begin_at, scheduled_at) <= %(now)s) or (state = 'cancelled' and finished_at > %(swept_since)s))
order by id;
