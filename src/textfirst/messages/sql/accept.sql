-- Take messages in: a message row each, and an outbox row for those that shall be sent (queued or deferred). Nothing accepted is lost from here on.
-- What may leave at once (queued) is due by the clock that claims are made by, whatever the caller's shows; and worth it for as long from then,
-- when the two clocks differ by more than two seconds (else its end may be a moment that somebody meant to the second).
-- Arrays of one length, a column each. The caller notifies textfirst_outbox once per channel.
with given as (
  select * from unnest(
    %(ids)b::uuid[], %(contact_ids)b::uuid[], %(identity_ids)b::uuid[], %(channel_ids)b::uuid[], %(conversation_ids)b::uuid[],
    %(campaign_ids)b::uuid[], %(author_ids)b::uuid[], %(api_key_ids)b::uuid[], %(purposes)b::smallint[], %(statuses)b::smallint[],
    %(flags)b::smallint[], %(segments)b::smallint[], %(encodings)b::smallint[], %(reasons)b::text[], %(addresses)b::text[], %(bodies)b::text[],
    %(lanes)b::smallint[], %(deliveries)b::smallint[], %(not_before)b::timestamptz[], %(not_after)b::timestamptz[],
    %(send_by)b::timestamptz[], %(arrive_by)b::timestamptz[], %(identity_versions)b::bigint[], %(workspace_versions)b::bigint[],
    %(decision_ids)b::uuid[], %(consent_entry_ids)b::uuid[]
  ) as g (
    id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, purpose, status, flags, segments, encoding,
    reason, address, body, lane, delivery, not_before, not_after, send_by, arrive_by, identity_version, workspace_version, decision_id, consent_entry_id
  )
), kept as (
  insert into message (
    workspace_id, id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, direction, purpose, status,
    flags, segments, encoding, reason, address, body, decision_id, consent_entry_id
  )
  select %(workspace_id)s, id, contact_id, identity_id, channel_id, conversation_id, campaign_id, author_id, api_key_id, 2, purpose, status,
    flags, segments, encoding, reason, address, body, decision_id, consent_entry_id
  from given
)
insert into outbox (
  workspace_id, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, attempts, flags, not_before, not_after,
  send_by, arrive_by, identity_version, workspace_version, address, body
)
select %(workspace_id)s, id, channel_id, identity_id, campaign_id, lane, delivery, segments, encoding, 0, flags,
  case status when 10 then now() else not_before end,
  case when status = 10 and abs(extract(epoch from now() - not_before)) > 2 then now() + (not_after - not_before) else not_after end,
  send_by, arrive_by, identity_version, workspace_version, address, body
from given
where status in (5, 10);
