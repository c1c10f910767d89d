-- Reserve Idempotency-Keys (D1) in the transaction that writes their messages; a second transaction with the same key waits for the first.
-- Arrays of one length: ids, keys, fingerprints, message_ids, responses (JSON). Returns the keys that are new; read the others with sql/key.
insert into idempotency_key (workspace_id, id, key, fingerprint, message_id, response)
select %(workspace_id)s, k.id, k.key, k.fingerprint, k.message_id, k.response
from unnest(%(ids)b::uuid[], %(keys)b::text[], %(fingerprints)b::bytea[], %(message_ids)b::uuid[], %(responses)b::jsonb[])
  as k (id, key, fingerprint, message_id, response)
order by k.key
on conflict (workspace_id, key) do nothing
returning key;
