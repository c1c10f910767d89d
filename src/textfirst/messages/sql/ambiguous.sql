-- Attempts of earlier holders of a bind, newer than what they had settled, of which nobody knows the outcome.
-- An epoch is a turn times 64 plus the slot (channels/sql/take_lease.sql); below 64 it is of a time before slots.
-- Columns: attempt id, part, purpose, engine.ports.Standing, then channels.contract.Outbound as far as the message still says it.
select a.id, a.part, m.purpose,
  m.id, m.status, m.part_status, m.reason, m.segments, m.campaign_id, m.contact_id,
  m.identity_id, m.encoding, m.flags, m.address, m.body
from attempt a
join message m on m.workspace_id = a.workspace_id and m.id = a.message_id
where a.workspace_id = %(workspace_id)s and a.channel_id = %(channel_id)s and a.id > %(settled_id)s and a.epoch < %(epoch)s
  and (mod(a.epoch, 64) = %(slot)s or a.epoch < 64) and a.outcome = 0
  and not exists (select from provider_ref r where r.workspace_id = a.workspace_id and r.id = a.id)
order by a.id;
