-- Whether receipts of a channel still wait for their message. Ids are compared as bytes on purpose, see find.sql.
select exists (
  select from receipt
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and message_id is null and provider_id <> ''
    and uuid_send(id) >= uuid_send(%(since)s)
);
