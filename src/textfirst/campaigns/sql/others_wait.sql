-- Whether a job waits for a worker, other than calls for this workspace's own campaigns.
select exists (
  select from procrastinate_jobs
  where status = 'todo' and (scheduled_at is null or scheduled_at <= now())
    and not (task_name = %(job)s and args ->> 'workspace_id' = %(workspace)s)
);
