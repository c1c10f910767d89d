-- A node that let its lease run out may have been stopped in the middle of a transaction, and whatever that has locked would wait for it to
-- go on: end those of its sessions. (PostgreSQL's own time-out for idle transactions does not count within a pipeline.) Runs as owner.
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and application_name = %(session)s and xact_start < now() - interval '2 seconds' and pid <> pg_backend_pid();
