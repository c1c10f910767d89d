-- What texts that came in lately carried: after a lost session the carrier may send them again.
select raw from message
where workspace_id = %(workspace_id)s and id >= %(since)s and direction = 1 and channel_id = %(channel_id)s and raw is not null;
