-- Somebody asks to join: what the YES or the link of the question will answer. One row, its id; none when this address is to be asked nothing, for it
-- stopped, or was asked within the last 48 hours. Run consent/lock first, so that two who ask at once are asked once.
insert into consent_request (workspace_id, id, form_id, address_hash, token_hash, language, shown, shown_any_hour, words, ip, user_agent, message_id, expires_at)
select %(workspace_id)s, %(id)s, %(form_id)s, %(address_hash)s::bytea, %(token_hash)s, %(language)s, %(shown)s, %(shown_any_hour)s, %(words)s, %(ip)s,
  %(user_agent)s,  %(message_id)s::uuid, %(expires_at)s
where not exists (select from suppression where workspace_id = %(workspace_id)s and address_hash = %(address_hash)s::bytea)
  and not exists (
    select from consent_request
    where workspace_id = %(workspace_id)s and address_hash = %(address_hash)s::bytea and expires_at > %(now)s::timestamptz)
returning id
