-- Hand out every long text of these (arrays of one length) whose parts are all here, and forget the parts. Columns are engine.ports.PartSet.
with asked as (
  select distinct * from unnest(%(sources)s::text[], %(destinations)s::text[], %(references)s::integer[], %(widths)s::smallint[], %(totals)s::smallint[])
    as k (source, destination, reference, width, total)
), whole as (
  select k.*
  from asked k
  join inbound_part p on p.workspace_id = %(workspace_id)s and p.channel_id = %(channel_id)s and p.source = k.source and p.destination = k.destination
    and p.reference = k.reference and p.reference_bits = k.width and p.total = k.total
  group by k.source, k.destination, k.reference, k.width, k.total
  having count(*) = k.total
), taken as (
  delete from inbound_part p using whole k
  where p.workspace_id = %(workspace_id)s and p.channel_id = %(channel_id)s and p.source = k.source and p.destination = k.destination
    and p.reference = k.reference and p.reference_bits = k.width and p.total = k.total
  returning p.*
)
select source, destination, total, array_agg(body order by seq)
from taken
group by source, destination, reference, reference_bits, total
order by max(received_at);
