-- Take turns, until the end of the transaction, with whoever else decides about one of these contacts at this moment: what was sent to them is then
-- counted after the other has written what it sends. A statement of its own before `facts.sql`, for those whose caps are near (`caps.is_near`): the facts
-- are read when the turn has come. Contacts share 256 turns a workspace, taken in one order, so that nobody waits in a circle and no lock table fills;
-- and before those a share of the turn that a campaign takes whole (`take_all_turns.sql`): the lateral join is there for the order.
select pg_advisory_xact_lock(hashtextextended(%(workspace_id)s::text, 730200 + t.turn))
from (select pg_advisory_xact_lock_shared(hashtextextended(%(workspace_id)s::text, 730199)) as shared offset 0) beside
cross join lateral (
  select distinct get_byte(uuid_send(c.id), 15) as turn from unnest(%(contact_ids)b::uuid[]) as c (id) where beside.shared is not null order by turn
) t;
