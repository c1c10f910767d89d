-- Attempts of earlier holders of a bind, newer than what they had settled, of which nobody knows the outcome.
-- Columns: attempt id, part, purpose, engine.ports.Standing, then channels.contract.Outbound as far as the message still says it.
select a.id, a.part, m.purpose,
  m.id, m.status, m.part_status, m.reason, m.segments, m.campaign_id, m.contact_id,
  m.identity_id, m.encoding, m.flags, m.address, m.body
from attempt a
join message m on m.workspace_id = a.workspace_id and m.id = a.message_id
where a.workspace_id = %(workspace_id)s and a.channel_id = %(channel_id)s and a.id > %(settled_id)s and a.epoch < %(epoch)s and a.outcome = 0
  and not exists (select from provider_ref r where r.workspace_id = a.workspace_id and r.id = a.id)
order by a.id;
