-- Receipts whose id nobody knows, because the answer that named it was lost, placed by the phone they speak of: the attempt of which nobody
-- knows the outcome gets the receipt's id as if it had been answered with it, so that this receipt and later ones find it (docs/adr/0008).
-- Never a guess: receipts of one unknown id wait for that phone, and of all that was sent to it by this channel in the 72 hours before
-- (`made_since`: of messages made since) exactly one attempt lacks a final receipt, and it is one of those. What is still open is waited for.
-- `since` bounds which receipts are looked at. Ids are compared as bytes on purpose, see find.sql. Columns: the provider ids that were placed.
with lost as (
  select id, provider_id, ltrim(address, '+0') as phone
  from receipt
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s and message_id is null and provider_id <> ''
    and uuid_send(id) >= uuid_send(%(since)s)
  order by uuid_send(id) desc
  limit 1000
), named as (
  select phone, min(provider_id) as provider_id, (array_agg(id order by id))[1] as first
  from lost
  group by phone
  having count(distinct provider_id) = 1
), fitting as (
  select n.provider_id, f.ids[1] as id, f.message_ids[1] as message_id, f.parts[1] as part
  from named n
  join contact_identity i on i.workspace_id = %(workspace_id)s and i.scheme = 'tel' and i.address = '+' || n.phone
  cross join lateral (
    select array_agg(a.id) as ids, array_agg(a.message_id) as message_ids, array_agg(a.part) as parts, bool_and(a.outcome = 2) as in_doubt
    from message m
    join attempt a on a.workspace_id = m.workspace_id and a.message_id = m.id
    where m.workspace_id = %(workspace_id)s and m.contact_id = i.contact_id and m.identity_id = i.id and m.direction = 2
      and m.channel_id = %(channel_id)s and m.id >= %(made_since)s and uuid_send(a.id) < uuid_send(n.first) and a.outcome in (0, 2)
      and not exists (
        select from receipt x
        where x.workspace_id = m.workspace_id and x.message_id = m.id and x.part = a.part and x.status > 60
      )
  ) f
  where cardinality(f.ids) = 1 and f.in_doubt
)
insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id)
select %(workspace_id)s, id, message_id, %(channel_id)s, part, provider_id from fitting
on conflict do nothing
returning provider_id;
