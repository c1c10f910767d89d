-- Give a bind back, so that another node need not wait.
update bind_lease
set held_until = null, settled_id = greatest(settled_id, %(settled_id)s::uuid)
where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s and node = %(node)s and epoch = %(epoch)s;
