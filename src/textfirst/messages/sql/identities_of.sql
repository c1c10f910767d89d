-- Which addresses a contact's messages went to or came from, those it no longer has included.
select distinct identity_id from message where workspace_id = %(workspace_id)s and contact_id = %(contact_id)s
