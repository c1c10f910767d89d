-- Write the next page of an audience down, in the order of contacts, each identity once in a campaign; who has no number cannot be a recipient.
-- Ids are UUIDv7 that rise with the contacts: `stem` is the first half of a fresh one, `first` the second half as a number with room for a page below it.
-- Returns how many contacts the page had, its last one, and how many recipients are new. The audience, and what becomes of those
-- who are written down already, are put in by actions/writing_down.py.
with page as materialized (
  select contact_id, identity_id, row_number() over () as place
  from (select contact_id, identity_id from ({audience}) a where contact_id > %(after)s order by contact_id limit %(page)s) p
), written as (
  insert into recipient (workspace_id, id, campaign_id, contact_id, identity_id)
  select %(workspace_id)s, encode(%(stem)s::bytea || int8send(%(first)s + place), 'hex')::uuid, %(campaign_id)s, contact_id, identity_id
  from page
  where identity_id is not null
  {once}
  returning id
)
select (select count(*) from page), (select contact_id from page order by place desc limit 1), (select count(*) from written);
