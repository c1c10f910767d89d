-- The identity of each address, made together with its contact when it is new; one row per address, whatever the order or repetition asked.
--
-- The identity is inserted first and the contact only for identities that are truly ours, so whoever loses a race leaves no orphan contact
-- (the foreign key is checked at the end of the statement). The loser waits for the winner's commit and `do update` hands it the winner's row,
-- which a re-read could not see in this statement's snapshot. Sorted, so that two batches never wait for each other in a circle.
-- The contact is share-locked, so that it cannot be deleted before the caller's transaction has used it.
with wanted as (
    select distinct on (scheme, address) scheme, address, address_hash, contact_id, identity_id
    from unnest(%(schemes)s::text[], %(addresses)s::text[], %(hashes)s::bytea[], %(contact_ids)s::uuid[], %(identity_ids)s::uuid[])
        as w (scheme, address, address_hash, contact_id, identity_id)
    order by scheme, address
), found as materialized (
    select i.scheme, i.address, i.contact_id, i.id, i.version
    from wanted w
    join contact_identity i on i.workspace_id = %(workspace_id)s and i.scheme = w.scheme and i.address = w.address
    join contact c on c.workspace_id = %(workspace_id)s and c.id = i.contact_id
    for key share of c
), placed as (
    insert into contact_identity as i (workspace_id, id, contact_id, scheme, address, address_hash, version)
    select %(workspace_id)s, w.identity_id, w.contact_id, w.scheme, w.address, w.address_hash, 1
    from wanted w
    where not exists (select from found f where f.scheme = w.scheme and f.address = w.address)
    order by w.scheme, w.address
    on conflict (workspace_id, scheme, address) do update set version = i.version
    returning i.scheme, i.address, i.contact_id, i.id, i.version
), made as (
    insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text)
    select %(workspace_id)s, w.contact_id, '', '', '', '', '{}', false, lower(w.address)
    from wanted w
    join placed p on p.id = w.identity_id
    returning id
)
select scheme, address, contact_id, id as identity_id, version, false as created
from found
union all
select p.scheme, p.address, p.contact_id, p.id, p.version, exists (select from made m where m.id = p.contact_id)
from placed p
