-- The message each receipt speaks of: the newest with the carrier's id since `since` whose address agrees (carriers reuse ids).
-- Arrays of one length: provider_ids, phones, others (last digits of the receipt's two addresses; some carriers swap them).
-- Ids are compared as bytes on purpose: while a partition is new and uncounted, the planner would rather walk a range of ids than the lookup.
-- Columns: place from 1, engine.ports.Standing, part, the attempt.
select s.place, f.*
from unnest(%(provider_ids)s::text[], %(phones)s::text[], %(others)s::text[]) with ordinality as s (provider_id, phone, other, place)
cross join lateral (
  select m.id, m.status, m.part_status, m.reason, m.segments, m.campaign_id, m.contact_id, r.part, r.id
  from provider_ref r
  join message m on m.workspace_id = r.workspace_id and m.id = r.message_id
  where r.workspace_id = %(workspace_id)s and r.channel_id = %(channel_id)s and r.provider_id = s.provider_id
    and uuid_send(r.id) >= uuid_send(%(since)s)
    and (right(m.address, length(s.phone)) = s.phone or right(m.address, length(s.other)) = s.other)
  order by uuid_send(r.id) desc
  limit 1
) f;
