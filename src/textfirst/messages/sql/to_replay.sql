-- What came in by a channel, was put aside, and shall be taken in again; oldest first.
select id, pdu, received_at
from intake_rejected
where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and asked_at is not null and replayed_at is null
order by id
limit %(limit)s;
