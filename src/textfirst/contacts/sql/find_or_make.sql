-- The identity of each address, made together with its contact when it is new; one row per address, whatever the order or repetition asked.
-- Nothing of the batch is joined to the batch: without statistics that costs its square.
--
-- Addresses that share a contact_id become identities of that one contact; the id of a contact that is there already gives it the new addresses.
-- The identity is inserted first and the contact only for identities that are truly ours, so whoever loses a race leaves no orphan contact
-- (the foreign key is checked at the end of the statement). The loser waits for the winner's commit and `do update` hands it the winner's row,
-- which a re-read could not see in this statement's snapshot. Sorted, so that two batches never wait for each other in a circle.
-- The contact is share-locked, so that it cannot be deleted before the caller's transaction has used it.
-- `lateral` leaves the planner no join order: in a workspace newer than the statistics it would walk all of it for every address.
with looked as materialized (
    select w.*, f.contact_id as found_contact_id, f.id as found_id, f.version
    from (
        select distinct on (scheme, address) scheme, address, address_hash, contact_id, identity_id
        from unnest(%(schemes)b::text[], %(addresses)b::text[], %(hashes)b::bytea[], %(contact_ids)b::uuid[], %(identity_ids)b::uuid[])
            as w (scheme, address, address_hash, contact_id, identity_id)
        order by scheme, address
    ) w
    left join lateral (
        select i.id, i.contact_id, i.version
        from (
            select id, contact_id, version from contact_identity
            where workspace_id = %(workspace_id)s and scheme = w.scheme and address = w.address
            limit 1
        ) i
        cross join lateral (
            select id from contact where workspace_id = %(workspace_id)s and id = i.contact_id for key share
        ) c
    ) f on true
), placed as (
    insert into contact_identity as i (workspace_id, id, contact_id, scheme, address, address_hash, version)
    select %(workspace_id)s, identity_id, contact_id, scheme, address, address_hash, 1
    from looked
    where found_id is null
    order by scheme, address
    on conflict (workspace_id, scheme, address) do update set version = i.version
    returning i.scheme, i.address, i.contact_id, i.id, i.version, i.xmax = 0 as created  -- a row of somebody else's that was locked has one
), made as (
    insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text)
    select %(workspace_id)s, contact_id, '', '', '', '', '{}', false, string_agg(lower(address), ' ' order by address)
    from placed
    where created
    group by contact_id
    on conflict (workspace_id, id) do nothing
    returning id
)
select scheme, address, found_contact_id as contact_id, found_id as identity_id, version, false as created
from looked
where found_id is not null
union all
select scheme, address, contact_id, id, version, created
from placed
