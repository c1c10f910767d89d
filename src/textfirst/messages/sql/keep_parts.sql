-- Parts of long texts; one that is here already stays as it was. Arrays of one length, a column each.
insert into inbound_part (workspace_id, channel_id, received_at, id, source, destination, reference, reference_bits, total, seq, data_coding, body)
select %(workspace_id)s, %(channel_id)s, %(now)s, p.*
from unnest(%(ids)s::uuid[], %(sources)s::text[], %(destinations)s::text[], %(references)s::integer[], %(widths)s::smallint[], %(totals)s::smallint[],
  %(numbers)s::smallint[], %(codings)s::smallint[], %(pdus)s::bytea[]) as p
on conflict do nothing;
