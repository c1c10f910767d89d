-- What became of attempts that the provider did not take. Arrays of one length: ids, outcomes.
update attempt a set outcome = o.outcome
from unnest(%(ids)s::uuid[], %(outcomes)s::smallint[]) as o (id, outcome)
where a.workspace_id = %(workspace_id)s and a.id = o.id;
