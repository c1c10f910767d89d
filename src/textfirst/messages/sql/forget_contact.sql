-- A contact is forgotten: its messages keep that they were, when and with what end, and lose what they said and to whom.
with blank as (
  update message set body = '', raw = null, address = ''
  where workspace_id = %(workspace_id)s and contact_id = %(contact_id)s
  returning id
)
update receipt set address = '', pdu = ''
where workspace_id = %(workspace_id)s and message_id in (select id from blank)
