-- Some of what waits at a carrier that cannot be reached and may go to another: nothing that may be on a phone already (D25), in whole or in
-- part. Locked, so that no claim takes it meanwhile; what a claim holds is left. 17 = possible duplicate or begun.
select o.id, o.identity_id
from unnest('{0,1,2,3,9}'::smallint[]) as l (lane)
cross join lateral (
  select id, identity_id from outbox
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and lane = l.lane and flags & 17 = 0
  order by not_before, id
  limit %(limit)s
  for update skip locked
) o
limit %(limit)s;
