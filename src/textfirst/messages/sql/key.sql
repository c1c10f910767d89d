-- What was answered to requests with these Idempotency-Keys.
select key, fingerprint, message_id, response from idempotency_key where workspace_id = %(workspace_id)s and key = any(%(keys)b::text[]);
