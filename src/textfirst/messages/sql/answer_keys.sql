-- Keep what is answered to the requests that reserved these Idempotency-Keys. Arrays of one length: keys, responses (JSON).
update idempotency_key k
set response = a.response
from unnest(%(keys)s::text[], %(responses)s::jsonb[]) as a (key, response)
where k.workspace_id = %(workspace_id)s and k.key = a.key;
