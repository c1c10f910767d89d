-- Take what is due from a channel's outbox: urgent lanes first, then by time, at most `limit` segments, or one message that alone is longer.
-- The transaction already holds the shared lock of docs/explain/contracts.md, so that no stop is committed unseen while this one is open.
-- Nothing is taken unless the bind's lease is still ours. `lanes`, `moments` and `places` say after which place to look (engine/looks.py). Columns are channels.contract.Outbound, then whether it may leave as it is: the
-- decision's stamp holds, its hours have not ended, and nothing hints at too many texts to one person (messages/rules/velocity.py; `since` bounds what is counted).
-- Pairs are compared, and put in order, so that only the index by contact fits: asked for a contact and for ids, PostgreSQL may walk all that the workspace sent
-- lately, for each person, while nobody has counted the table. The bound besides spares a look into months that are past; as a select, so that
-- no statistics, which may be old, can make a walk by it look short.
with held as (
  select from bind_lease
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and slot = %(slot)s
    and node = %(node)s and epoch = %(epoch)s and held_until > now()
), due as (
  select o.place, o.id, o.segments, l.lane, o.not_before
  from held cross join unnest(%(lanes)s::smallint[], %(moments)s::timestamptz[], %(places)s::uuid[]) as l (lane, moment, place)
  cross join lateral (
    select ctid as place, id, segments, not_before from outbox
    where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and lane = l.lane and not_before <= now()
      and (not_before, id) > (l.moment, l.place)
    order by not_before, id
    limit %(limit)s
    for update skip locked
  ) o
  limit %(limit)s
), fitting as (
  select place from (
    select place, sum(segments) over ordered as until, row_number() over ordered as number
    from due
    window ordered as (order by lane, not_before, id)
  ) d
  where until <= %(limit)s or number = 1
), taken as (
  delete from outbox where workspace_id = %(workspace_id)s and ctid = any(array(select place from fitting)) returning *
)
select t.id, t.identity_id, t.campaign_id, t.lane, t.delivery, t.segments, t.encoding, t.attempts, t.flags, t.not_before, t.not_after,
  t.identity_version, t.workspace_version, t.address, t.body, t.send_by, t.arrive_by,
  t.attempts = 0 and t.flags & 17 = 0 and coalesce(i.version = t.identity_version, false) and coalesce(w.version = t.workspace_version, false)
    and coalesce(t.send_by > now(), true)
    and not exists (
      select from message m
      where m.workspace_id = %(workspace_id)s and (m.contact_id, m.id) >= (i.contact_id, %(since)s::uuid)
        and (m.contact_id, m.id) <= (i.contact_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and m.id >= (select %(since)s::uuid)
      order by m.contact_id, m.id
      offset %(few)s limit 1
    )
from taken t
left join contact_identity i on i.workspace_id = %(workspace_id)s and i.id = t.identity_id
left join workspace w on w.id = %(workspace_id)s
order by t.lane, t.not_before, t.id;
