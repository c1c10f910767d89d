-- How a channel is doing; returns a row when it is not what it was.
-- `bound_at` is when a bind of it was last known to be well: of several binds one is enough.
insert into channel_health as h (workspace_id, id, state, code, facts, since, checked_at, segments_per_second, bound_at)
values (%(workspace_id)s, %(id)s, %(state)s, %(code)s, %(facts)s::jsonb, now(), now(), %(rate)s, case when %(state)s = 'bound' then now() end)
on conflict (workspace_id, id) do update
set state = excluded.state, code = excluded.code, facts = excluded.facts, checked_at = now(), segments_per_second = excluded.segments_per_second,
  bound_at = coalesce(excluded.bound_at, h.bound_at),
  since = case when h.state = excluded.state and h.code = excluded.code then h.since else now() end
returning since = now();
