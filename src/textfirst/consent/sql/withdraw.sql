-- Permissions end: what stands goes, and none that was given until now counts again; of one purpose, if only one is meant. `any_hour`: the wish for any hour ends.
insert into consent_standing as s (workspace_id, id, address_hash, withdrawn_at, promotion_withdrawn_at, greeting_withdrawn_at)
select %(workspace_id)s, gen_random_uuid(), h, case when %(promotion)s and %(greeting)s then %(at)s::timestamptz end,
  case when %(promotion)s and not %(greeting)s then %(at)s::timestamptz end, case when %(greeting)s and not %(promotion)s then %(at)s::timestamptz end
from unnest(%(address_hashes)b::bytea[]) as h order by h
on conflict (workspace_id, address_hash) do update set
  withdrawn_at = greatest(s.withdrawn_at, excluded.withdrawn_at),
  promotion_withdrawn_at = greatest(s.promotion_withdrawn_at, excluded.promotion_withdrawn_at),
  greeting_withdrawn_at = greatest(s.greeting_withdrawn_at, excluded.greeting_withdrawn_at),
  promotion_kind = case when not %(promotion)s then s.promotion_kind end,
  promotion_until = case when not %(promotion)s then s.promotion_until end,
  promotion_entry = case when not %(promotion)s then s.promotion_entry end,
  greeting_kind = case when not %(greeting)s then s.greeting_kind end,
  greeting_until = case when not %(greeting)s then s.greeting_until end,
  greeting_entry = case when not %(greeting)s then s.greeting_entry end,
  any_hour_entry = case when not %(any_hour)s then s.any_hour_entry end
