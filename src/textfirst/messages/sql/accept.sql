-- Take messages in: a message row each, and an outbox row for those that shall be sent (queued or deferred). Nothing accepted is lost from here on.
-- What may leave at once (queued) is due by the clock that claims are made by, whatever the caller's shows; and worth it for as long from then,
-- when the two clocks differ by more than two seconds (else its end may be a moment that somebody meant to the second).
-- Arrays of two lengths: what each message has of its own, and what each sort of them shares; `sorts` says which, from 1. They are few as a rule and
-- looked up by place: a join without statistics would compare each with each. The caller notifies textfirst_outbox once per channel.
with given as (
  select g.*, (%(statuses)b::smallint[])[sort] as status from unnest(
    %(ids)b::uuid[], %(contact_ids)b::uuid[], %(identity_ids)b::uuid[], %(conversation_ids)b::uuid[], %(consent_entry_ids)b::uuid[],
    %(addresses)b::text[], %(bodies)b::text[], %(sorts)b::smallint[]
  ) as g (id, contact_id, identity_id, conversation_id, consent_entry_id, address, body, sort)
), kept as (
  insert into message (
    workspace_id, id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, direction,
    purpose, status, flags, segments, encoding, reason, address, body, decision_id, consent_entry_id
  )
  select %(workspace_id)s, id, contact_id, identity_id, (%(channel_ids)b::uuid[])[sort], conversation_id, (%(campaign_ids)b::uuid[])[sort],
    (%(author_ids)b::uuid[])[sort], (%(api_key_ids)b::uuid[])[sort], 2,
    (%(purposes)b::smallint[])[sort], status, (%(flags)b::smallint[])[sort], (%(segments)b::smallint[])[sort], (%(encodings)b::smallint[])[sort],
    (%(reasons)b::text[])[sort], address, body, (%(decision_ids)b::uuid[])[sort], consent_entry_id
  from given
)
insert into outbox (
  workspace_id, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags,
  not_before, not_after, send_by, arrive_by, identity_version, workspace_version, address, body
)
select %(workspace_id)s, id, (%(channel_ids)b::uuid[])[sort], identity_id, (%(campaign_ids)b::uuid[])[sort], (%(lanes)b::smallint[])[sort],
  (%(deliveries)b::smallint[])[sort], (%(segments)b::smallint[])[sort], (%(encodings)b::smallint[])[sort], 0, (%(flags)b::smallint[])[sort],
  case status when 10 then now() else begins end,
  case when status = 10 and abs(extract(epoch from now() - begins)) > 2 then now() + (ends - begins) else ends end,
  (%(send_by)b::timestamptz[])[sort], (%(arrive_by)b::timestamptz[])[sort], (%(identity_versions)b::bigint[])[sort],
  (%(workspace_versions)b::bigint[])[sort], address, body
from given
cross join lateral (select (%(not_before)b::timestamptz[])[sort] as begins, (%(not_after)b::timestamptz[])[sort] as ends) as within
where status in (5, 10);
