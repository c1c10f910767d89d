-- What became of attempts that the provider did not take; each is said once. Arrays of one length: ids, outcomes.
-- Returns those that were still open: an attempt that somebody else has settled meanwhile is theirs.
update attempt a set outcome = o.outcome
from unnest(%(ids)s::uuid[], %(outcomes)s::smallint[]) as o (id, outcome)
where a.workspace_id = %(workspace_id)s and a.id = o.id and a.outcome = 0
returning a.id;
