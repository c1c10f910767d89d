-- Hold a bind for longer, and say up to which attempt everything is answered: one row, what time it is, while the lease is ours.
update bind_lease
set held_until = now() + make_interval(secs => %(seconds)s), settled_id = greatest(settled_id, %(settled_id)s::uuid)
where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s and node = %(node)s and epoch = %(epoch)s
  and held_until > now()
returning clock_timestamp();
