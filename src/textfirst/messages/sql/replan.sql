-- What may leave at another moment than it was told. Arrays of one length. What was claimed or moved meanwhile is left as it is.
update outbox o set not_before = r.not_before
from unnest(%(ids)b::uuid[], %(before)b::timestamptz[], %(not_before)b::timestamptz[]) as r (id, before, not_before)
where o.workspace_id = %(workspace_id)s and o.id = r.id and o.not_before = r.before;
