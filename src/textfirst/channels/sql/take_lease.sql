-- Take the lease of a bind when nobody holds it, or `gone`, a node that is certainly no more (null: none is known to be): one row with the new
-- epoch, or none. `seconds` is how long it holds.
-- An epoch is a turn times 64 plus the slot, so that an attempt's epoch also tells of which of a channel's binds it was.
-- Columns: epoch, settled_id, when a holder that did not give it back was last heard of, its node, and what time it is.
with before as (
  select node, held_until from bind_lease where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s
)
insert into bind_lease as l (workspace_id, id, channel_id, slot, node, epoch, held_until)
values (%(workspace_id)s, %(id)s, %(channel_id)s, %(slot)s, %(node)s, 64 + %(slot)s, now() + make_interval(secs => %(seconds)s))
on conflict (workspace_id, channel_id, slot) do update
set node = excluded.node, epoch = (l.epoch / 64 + 1) * 64 + %(slot)s, held_until = excluded.held_until
where l.held_until is null or l.held_until < now() or l.node = excluded.node or l.node = %(gone)s::text
returning epoch, settled_id, (select held_until from before) - make_interval(secs => %(seconds)s), (select node from before), clock_timestamp();
