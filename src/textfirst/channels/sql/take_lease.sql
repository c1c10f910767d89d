-- Take the lease of a bind when nobody holds it: one row with the new epoch, or none. `seconds` is how long it holds.
-- Columns: epoch, settled_id, when the holder before was last heard of.
with before as (
  select held_until from bind_lease where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s
)
insert into bind_lease as l (workspace_id, id, channel_id, slot, node, epoch, held_until)
values (%(workspace_id)s, %(id)s, %(channel_id)s, %(slot)s, %(node)s, 1, now() + make_interval(secs => %(seconds)s))
on conflict (workspace_id, channel_id, slot) do update
set node = excluded.node, epoch = l.epoch + 1, held_until = excluded.held_until
where l.held_until is null or l.held_until < now() or l.node = excluded.node
returning epoch, settled_id, (select held_until from before) - make_interval(secs => %(seconds)s);
