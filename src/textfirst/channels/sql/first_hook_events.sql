-- Of these events of a provider, those that were never stored before; now they are. Arrays of one length: ids (ours), event_ids.
insert into hook_event (workspace_id, id, channel_id, event_id)
select %(workspace_id)s, e.id, %(channel_id)s, e.event_id
from unnest(%(ids)s::uuid[], %(event_ids)s::text[]) as e (id, event_id)
on conflict (workspace_id, channel_id, event_id) do nothing
returning event_id;
