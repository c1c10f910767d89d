-- Keep what came in and could not be stored as a message.
insert into intake_rejected (workspace_id, id, channel_id, pdu, problem, received_at)
values (%(workspace_id)s, %(id)s, %(channel_id)s, %(pdu)s, %(problem)s, %(now)s);
