-- One conversation per contact and inbox, however many texts arrive at once: opened, reopened, unread and last message moved.
-- Arrays of one length, one entry per message: conversation_ids (fresh ids, used when there is none yet), contact_ids, channel_ids, message_ids,
-- ats, unread (how many to add), opens (true: somebody shall see it, so it is open afterwards; false: an existing one keeps its status and a new
-- one is closed, as for an automatic notice). Rows are locked in one order, so two batches cannot deadlock.
-- One row per contact and channel (and inbox, were it several): (channel_id, contact_id, conversation_id, inbox_id, unread, version). Which entry
-- is whose is for the caller to look up (rules.threads_of): a batch joined to itself here would cost its square.
with channels as materialized (
  select c.channel_id, coalesce(
    (select ic.inbox_id from inbox_channel ic where ic.workspace_id = %(workspace_id)s and ic.channel_id = c.channel_id),
    (select i.id from inbox i where i.workspace_id = %(workspace_id)s order by i.id limit 1)
  ) as inbox_id
  from (select distinct channel_id from unnest(%(channel_ids)b::uuid[]) as g (channel_id)) c
), wanted as (
  select c.inbox_id, g.contact_id, (array_agg(g.conversation_id))[1] as id, sum(g.unread)::integer as unread, bool_or(g.opens) as opens,
    max(g.at) as at, (array_agg(g.message_id order by g.message_id desc))[1] as message_id
  from unnest(%(conversation_ids)b::uuid[], %(contact_ids)b::uuid[], %(channel_ids)b::uuid[], %(message_ids)b::uuid[], %(ats)b::timestamptz[],
    %(unread)b::integer[], %(opens)b::boolean[]) as g (conversation_id, contact_id, channel_id, message_id, at, unread, opens)
  join channels c on c.channel_id = g.channel_id
  where c.inbox_id is not null
  group by c.inbox_id, g.contact_id
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
select c.channel_id, o.contact_id, o.id, o.inbox_id, o.unread, o.version
from opened o join channels c on c.inbox_id = o.inbox_id;
