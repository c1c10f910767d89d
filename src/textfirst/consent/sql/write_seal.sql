-- A link of the chain, and where each of its entries stands in it; entry_ids in order.
with linked as (
  insert into consent_seal (workspace_id, id, number, entries, root, previous, seal, sealed_at)
  values (%(workspace_id)s, %(id)s, %(number)s, %(entries)s, %(root)s, %(previous)s, %(seal)s, %(sealed_at)s)
)
insert into consent_sealed (workspace_id, id, number, place)
select %(workspace_id)s, e.id, %(number)s, e.place - 1
from unnest(%(entry_ids)b::uuid[]) with ordinality as e (id, place)
