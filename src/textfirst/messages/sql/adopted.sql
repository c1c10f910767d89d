-- Give early receipts to the messages they speak of. Arrays of one length: ids, message_ids, parts.
update receipt r
set (message_id, part) = (
  select a.message_id, a.part from unnest(%(ids)s::uuid[], %(message_ids)s::uuid[], %(parts)s::smallint[]) as a (id, message_id, part) where a.id = r.id
)
where r.workspace_id = %(workspace_id)s and r.id = any(%(ids)s::uuid[]);
