-- Something waits to be sent on this channel.
select pg_notify('textfirst_outbox', %(channel_id)s::text);
