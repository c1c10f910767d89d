-- Messages go to another contact, and to that one's conversations: all of `gone_id`, or of it those with one of `identity_ids` when that is not null.
-- Arrays of one length: from_conversations, to_conversations.
update message m
set contact_id = %(kept_id)s, conversation_id = coalesce(
  (select t.later from unnest(%(from_conversations)b::uuid[], %(to_conversations)b::uuid[]) as t (earlier, later) where t.earlier = m.conversation_id),
  m.conversation_id)
where m.workspace_id = %(workspace_id)s and m.contact_id = %(gone_id)s
  and (%(identity_ids)s::uuid[] is null or m.identity_id = any(%(identity_ids)s::uuid[]))
