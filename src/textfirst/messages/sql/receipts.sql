-- Receipts as they came. Arrays of one length: ids, message_ids (null: not known yet), parts, statuses, provider_ids, errors, addresses, pdus.
insert into receipt (workspace_id, channel_id, id, message_id, part, status, provider_id, error, address, pdu)
select %(workspace_id)s, %(channel_id)s, r.*
from unnest(%(ids)s::uuid[], %(message_ids)s::uuid[], %(parts)s::smallint[], %(statuses)s::smallint[], %(provider_ids)s::text[],
  %(errors)s::text[], %(addresses)s::text[], %(pdus)s::bytea[]) as r;
