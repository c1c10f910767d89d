-- What was answered to requests with these Idempotency-Keys: key, fingerprint, what was kept of the answer, and the message (rules/sending.SHOWN_COLUMNS).
select k.key, k.fingerprint, k.response, m.id, m.direction, m.address, m.contact_id, m.conversation_id, m.campaign_id, m.channel_id, m.purpose, m.body,
  m.status, m.reason, m.segments, m.encoding, m.flags, m.author_id, m.status_at
from idempotency_key k
left join message m on m.workspace_id = k.workspace_id and m.id = k.message_id
where k.workspace_id = %(workspace_id)s and k.key = any(%(keys)b::text[]);
