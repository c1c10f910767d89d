-- Keep Idempotency-Keys (D1) with what is answered, in the transaction that writes their messages. Arrays of one length, in the order of keys, so that
-- two that keep the same ones wait for each other in one direction only.
-- Whoever else keeps one of these keys at this moment is waited for; then it is a unique violation, and the key is there to be read (sql/key).
insert into idempotency_key (workspace_id, id, key, fingerprint, message_id, response)
select %(workspace_id)s, k.id, k.key, k.fingerprint, k.message_id, k.response::jsonb
from unnest(%(ids)b::uuid[], %(keys)b::text[], %(fingerprints)b::bytea[], %(message_ids)b::uuid[], %(responses)b::text[])
  as k (id, key, fingerprint, message_id, response);
