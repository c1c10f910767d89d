-- Events so old that no provider sends them again.
delete from hook_event where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and id < %(before)s;
