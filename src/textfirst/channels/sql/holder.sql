-- Which node holds, or last held, the lease of a bind.
select node from bind_lease where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s;
