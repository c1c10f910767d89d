-- Messages that the provider took from earlier holders of a bind, after `settled_id`, and whose rows do not say so: whoever wrote their answers down ended before the step to
-- `accepted` was written (engine/recent.py). Columns are engine.ports.Standing, then the part.
select m.id, m.status, m.part_status, m.reason, m.segments, m.campaign_id, m.contact_id, r.part
from provider_ref r
join attempt a on a.workspace_id = r.workspace_id and a.id = r.id
join message m on m.workspace_id = r.workspace_id and m.id = r.message_id
where r.workspace_id = %(workspace_id)s and r.channel_id = %(channel_id)s and r.id > %(settled_id)s and a.epoch < %(epoch)s
  and (mod(a.epoch, 64) = %(slot)s or a.epoch < 64) and m.status < 40
order by r.id;
