-- What was answered to the request with this Idempotency-Key, in the transaction that reserved it.
update idempotency_key set response = %(response)s::jsonb where workspace_id = %(workspace_id)s and key = %(key)s;
