-- Permissions given: an entry each, its personal row, and what stands for the address when it is better than what stood (or that has run out).
-- Arrays of one length: entry_ids, address_hashes, ats, expires, words, origins, ips, user_agents, notes, message_ids. An address without an
-- identity is left out. A permission that is older than the last withdrawal is written down and changes nothing; so does one that lifts no stop:
-- none does. Of a purpose withdrawn by itself (`ended`: all, promotions, greetings) the same holds, and an answer for others (`attested`) never opens it again.
-- A wish for any hour (`any_hour`) that is older than its last withdrawal changes nothing either. Identities are locked in order, as by stop.sql. One row per address whose standing changed: (address_hash).
with given as (
  select * from unnest(%(entry_ids)b::uuid[], %(address_hashes)b::bytea[], %(ats)b::timestamptz[], %(expires)b::timestamptz[], %(words)b::text[],
    %(origins)b::text[], %(ips)b::text[], %(user_agents)b::text[], %(notes)b::text[], %(message_ids)b::uuid[])
    as g (entry_id, address_hash, at, expires_at, words, origin, ip, user_agent, note, message_id)
), whose as materialized (
  select g.*, i.id as identity_id, i.contact_id, i.scheme || ':' || i.address as urn, i.created_at = now() as new, consent_salt() as salt,
    (select array[t.withdrawn_at, t.promotion_withdrawn_at, t.greeting_withdrawn_at]
      from consent_standing t where t.workspace_id = %(workspace_id)s and t.address_hash = g.address_hash) as ended
  from given g
  cross join lateral (
    select id, contact_id, scheme, address, created_at from contact_identity
    where workspace_id = %(workspace_id)s and address_hash = g.address_hash
    order by id limit 1
    for no key update
  ) i
), kept as (
  insert into consent_entry (workspace_id, id, kind, scope, channels, address_hash, contact_id, channel_id, message_id, source, keyword, text_hash,
    language, by_user_id, at, expires_at, digest)
  select %(workspace_id)s, w.entry_id, %(kind)s, %(scope)s, %(channels)s, w.address_hash, w.contact_id, %(channel_id)s::uuid, w.message_id,
    %(source)s, %(keyword)s, %(text_hash)s, %(language)s, %(by_user_id)s::uuid, w.at, w.expires_at,
    consent_digest(w.salt, w.urn, w.words, w.origin, w.ip, w.user_agent, w.note)
  from whose w
  on conflict do nothing
  returning id
), personal as (
  insert into consent_person (workspace_id, id, salt, address, words, origin, ip, user_agent, note)
  select %(workspace_id)s, w.entry_id, w.salt, w.urn, w.words, w.origin, w.ip, w.user_agent, w.note
  from whose w join kept k on k.id = w.entry_id
), standing as (
  insert into consent_standing as s (workspace_id, id, address_hash, promotion_kind, promotion_until, promotion_entry, greeting_kind, greeting_until,
    greeting_entry, any_hour_entry)
  select distinct on (w.address_hash) %(workspace_id)s, gen_random_uuid(), w.address_hash,
    case when o.promotion then %(rank)s::smallint end, case when o.promotion then w.expires_at end, case when o.promotion then w.entry_id end,
    case when o.greeting then %(rank)s::smallint end, case when o.greeting then w.expires_at end, case when o.greeting then w.entry_id end,
    case when %(any_hour)s then w.entry_id end
  from whose w
  cross join lateral (
    select %(promotion)s and (w.ended[2] is null or (w.at > w.ended[2] and %(kind)s <> 'attested')) as promotion,
      %(greeting)s and (w.ended[3] is null or (w.at > w.ended[3] and %(kind)s <> 'attested')) as greeting
  ) o
  where (w.expires_at is null or w.expires_at > %(now)s::timestamptz)
    and (w.ended[1] is null or w.at > w.ended[1])
    and not (%(any_hour)s and exists (
      select from consent_entry e
      where e.workspace_id = %(workspace_id)s and e.address_hash = w.address_hash and e.kind = 'withdrawal' and e.scope = 'any_hour' and e.at >= w.at))
  order by w.address_hash, (o.promotion and o.greeting) desc, w.expires_at desc nulls first, w.at desc
  on conflict (workspace_id, address_hash) do update set
    promotion_kind = case when consent_better(excluded.promotion_kind, excluded.promotion_until, s.promotion_kind, s.promotion_until, %(now)s::timestamptz)
      then excluded.promotion_kind else s.promotion_kind end,
    promotion_until = case when consent_better(excluded.promotion_kind, excluded.promotion_until, s.promotion_kind, s.promotion_until, %(now)s::timestamptz)
      then excluded.promotion_until else s.promotion_until end,
    promotion_entry = case when consent_better(excluded.promotion_kind, excluded.promotion_until, s.promotion_kind, s.promotion_until, %(now)s::timestamptz)
      then excluded.promotion_entry else s.promotion_entry end,
    greeting_kind = case when consent_better(excluded.greeting_kind, excluded.greeting_until, s.greeting_kind, s.greeting_until, %(now)s::timestamptz)
      then excluded.greeting_kind else s.greeting_kind end,
    greeting_until = case when consent_better(excluded.greeting_kind, excluded.greeting_until, s.greeting_kind, s.greeting_until, %(now)s::timestamptz)
      then excluded.greeting_until else s.greeting_until end,
    greeting_entry = case when consent_better(excluded.greeting_kind, excluded.greeting_until, s.greeting_kind, s.greeting_until, %(now)s::timestamptz)
      then excluded.greeting_entry else s.greeting_entry end,
    any_hour_entry = coalesce(s.any_hour_entry, excluded.any_hour_entry),
    reassigned_on = case when s.reassigned_on is not null and %(rank)s > 1
        and s.reassigned_on < (select max(w.at)::date from whose w where w.address_hash = s.address_hash)
      then null else s.reassigned_on end  -- whoever has the number now has said so
  where s.reassigned_on is not null
    or (s.any_hour_entry is null and excluded.any_hour_entry is not null)
    or consent_better(excluded.promotion_kind, excluded.promotion_until, s.promotion_kind, s.promotion_until, %(now)s::timestamptz)
    or consent_better(excluded.greeting_kind, excluded.greeting_until, s.greeting_kind, s.greeting_until, %(now)s::timestamptz)
  returning address_hash
), raised as (
  -- an identity of this very transaction was decided about by nobody yet, and what is not proved opens nothing that was shut
  update contact_identity set version = version + 1
  where workspace_id = %(workspace_id)s and %(rank)s > 1
    and id = any(array(select w.identity_id from whose w join standing t on t.address_hash = w.address_hash where not w.new))
)
select address_hash from standing
