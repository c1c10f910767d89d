-- One conversation per contact and inbox, however many texts arrive at once: opened, reopened, unread and last message moved.
-- Arrays of one length, one entry per message: conversation_ids (fresh ids, used when there is none yet), contact_ids, channel_ids, message_ids,
-- ats, unread (how many to add), opens (true: somebody shall see it, so it is open afterwards; false: an existing one keeps its status and a new
-- one is closed, as for an automatic notice). Rows are locked in one order, so two batches cannot deadlock.
-- One row per entry: (place from 1, conversation_id, inbox_id, unread, version).
with given as (
  select g.*, coalesce(
    (select ic.inbox_id from inbox_channel ic where ic.workspace_id = %(workspace_id)s and ic.channel_id = g.channel_id),
    (select i.id from inbox i where i.workspace_id = %(workspace_id)s order by i.id limit 1)
  ) as inbox_id
  from unnest(%(conversation_ids)b::uuid[], %(contact_ids)b::uuid[], %(channel_ids)b::uuid[], %(message_ids)b::uuid[], %(ats)b::timestamptz[],
    %(unread)b::integer[], %(opens)b::boolean[]) with ordinality
    as g (conversation_id, contact_id, channel_id, message_id, at, unread, opens, place)
), wanted as (
  select inbox_id, contact_id, (array_agg(conversation_id order by place))[1] as id, sum(unread)::integer as unread, bool_or(opens) as opens,
    max(at) as at, (array_agg(message_id order by message_id desc))[1] as message_id
  from given
  where inbox_id is not null
  group by inbox_id, contact_id
), opened as (
  insert into conversation as c (workspace_id, id, inbox_id, contact_id, status, unread, last_message_id, last_at, version)
  select %(workspace_id)s, id, inbox_id, contact_id, case when opens then 1 else 4 end, unread, message_id, at, 1
  from wanted
  order by inbox_id, contact_id
  on conflict (workspace_id, inbox_id, contact_id) do update set
    status = case when c.status <> 1 and excluded.status = 1 then 1 else c.status end,
    unread = c.unread + excluded.unread,
    last_message_id = greatest(c.last_message_id, excluded.last_message_id),
    last_at = greatest(c.last_at, excluded.last_at),
    version = c.version + 1
  returning id, inbox_id, contact_id, unread, version
)
select g.place, o.id, o.inbox_id, o.unread, o.version
from given g join opened o on o.inbox_id = g.inbox_id and o.contact_id = g.contact_id
order by g.place;
