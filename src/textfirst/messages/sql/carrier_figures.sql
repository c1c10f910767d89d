-- How carriers do, from a sample: of each stretch of time the first attempts, so that it costs the same at one message a second and at ten
-- thousand. Arrays of one length: since, until (ids), recent (whether the stretch counts for errors instead of slowness).
-- What a carrier reported as undeliverable is answered, not slow. Columns: channel, sent, slow, tried, errors, median and 95th percentile
-- of the seconds from submit to receipt.
with sample as (
  select a.channel_id, s.recent, a.outcome, m.status, m.status_at - a.at as took
  from unnest(%(since)s::uuid[], %(until)s::uuid[], %(recent)s::boolean[]) as s (since, until, recent)
  cross join lateral (
    select message_id, channel_id, outcome,
      to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) as at
    from attempt
    where workspace_id = %(workspace_id)s and id >= s.since and id < s.until
    order by id
    limit %(most)s
  ) a
  left join lateral (
    select status, status_at from message where workspace_id = %(workspace_id)s and id = a.message_id
  ) m on not s.recent and a.outcome = 0
  where a.channel_id = any(%(channel_ids)s::uuid[])
)
select channel_id,
  count(*) filter (where status in (40, 50, 60, 80, 90)),
  count(*) filter (where status in (40, 50, 60) or status in (80, 90) and took > make_interval(secs => %(patience)s)),
  count(*) filter (where recent and outcome <> 3),
  count(*) filter (where recent and outcome in (2, 5)),
  percentile_cont(0.5) within group (order by extract(epoch from took)) filter (where status in (80, 90)),
  percentile_cont(0.95) within group (order by extract(epoch from took)) filter (where status in (80, 90))
from sample
group by channel_id;
