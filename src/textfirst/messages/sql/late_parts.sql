-- Hand out long texts whose last part came before `before`, though some never came, and forget the parts. Columns are engine.ports.PartSet.
with late as (
  select source, destination, reference, reference_bits, total
  from inbound_part
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s
  group by source, destination, reference, reference_bits, total
  having max(received_at) < %(before)s
  limit 100
), taken as (
  delete from inbound_part p using late k
  where p.workspace_id = %(workspace_id)s and p.channel_id = %(channel_id)s and p.source = k.source and p.destination = k.destination
    and p.reference = k.reference and p.reference_bits = k.reference_bits and p.total = k.total
  returning p.*
)
select source, destination, total, array_agg(body order by seq)
from taken
group by source, destination, reference, reference_bits, total
order by max(received_at);
