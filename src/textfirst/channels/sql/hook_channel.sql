-- The channel that a provider calls, while it is on. Run as the owner: no workspace is known yet.
select workspace_id, id, kind, secrets from channel where id = %(channel_id)s and enabled and removed_at is null;
