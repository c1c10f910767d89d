-- The next addresses for which somebody answered by one attestation, after an entry: (entry, address). Its entries are younger than it and name it in
-- their evidence; who was erased is not among them, for nothing of theirs stands.
select e.id, e.address_hash from consent_entry e
join consent_person p on p.workspace_id = %(workspace_id)s and p.id = e.id
where e.workspace_id = %(workspace_id)s and e.id > %(after)s and e.kind = 'attested' and p.origin = %(origin)s
order by e.id
limit %(most)s
