-- What may leave sooner than it was told. Arrays of one length. What was claimed or moved meanwhile is left as it is.
update outbox o set not_before = s.not_before
from unnest(%(ids)b::uuid[], %(not_before)b::timestamptz[]) as s (id, not_before)
where o.workspace_id = %(workspace_id)s and o.id = s.id and o.not_before > s.not_before;
