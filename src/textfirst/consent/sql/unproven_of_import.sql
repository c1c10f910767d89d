-- The next addresses whose permission is without proof and came by one import.
-- Who an import brought is told by its entries: made between its start and its end, with its file's name in the evidence, and, where no column says when, of the moment of its upload. Whoever was known without
-- proof before belongs to the file that came first, and whoever was erased to none.
select e.address_hash from consent_entry e
join consent_person p on p.workspace_id = %(workspace_id)s and p.id = e.id
join consent_standing s on s.workspace_id = %(workspace_id)s and s.address_hash = e.address_hash and s.promotion_entry = e.id
join contact_identity i on i.workspace_id = %(workspace_id)s and i.address_hash = e.address_hash
where e.workspace_id = %(workspace_id)s and e.id between %(first)s and %(last)s and e.source = 'import' and e.kind = 'legacy_unproven'
  and (%(at)s::timestamptz is null or e.at = %(at)s::timestamptz) and starts_with(p.origin, %(file_name)s || ', ')
order by e.id
limit %(most)s
