-- How a channel is doing; returns a row when it is not what it was.
insert into channel_health as h (workspace_id, id, state, code, facts, since, checked_at, segments_per_second)
values (%(workspace_id)s, %(id)s, %(state)s, %(code)s, %(facts)s::jsonb, now(), now(), %(rate)s)
on conflict (workspace_id, id) do update
set state = excluded.state, code = excluded.code, facts = excluded.facts, checked_at = now(), segments_per_second = excluded.segments_per_second,
  since = case when h.state = excluded.state and h.code = excluded.code then h.since else now() end
returning since = now();
