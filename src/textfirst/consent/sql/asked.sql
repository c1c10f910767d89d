-- Of these addresses, those that were asked whether it was them and have not answered yet.
select distinct address_hash from consent_request
where workspace_id = %(workspace_id)s and address_hash = any(%(address_hashes)b::bytea[]) and ended_at is null and expires_at > %(now)s::timestamptz
