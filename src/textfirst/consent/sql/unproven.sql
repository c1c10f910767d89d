-- The next addresses whose permission is without proof, of a list's members or of everybody.
select s.address_hash from consent_standing s
join contact_identity i on i.workspace_id = %(workspace_id)s and i.address_hash = s.address_hash
where s.workspace_id = %(workspace_id)s and s.promotion_kind = 1
  and (%(list_id)s::uuid is null or exists (
    select from contact_list_member m
    where m.workspace_id = %(workspace_id)s and m.contact_list_id = %(list_id)s and m.contact_id = i.contact_id))
order by s.address_hash
limit %(most)s
