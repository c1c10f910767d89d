-- Suspected opt-outs that wait for a person: of each address that is held, what they wrote last, oldest first, after a place. A hold by a person of the
-- team asks the same question again (an answer was undone), so the question keeps its id.
-- Rows are consent.types.Suspect. Words are empty once the contact was erased, and contact and identity null.
select e.id, e.at, i.contact_id, i.id, e.message_id, e.keyword, coalesce(p.words, '')
from consent_standing s
cross join lateral (
  select h.id, h.at, h.message_id, h.keyword from consent_entry h
  where h.workspace_id = s.workspace_id and h.address_hash = s.address_hash and h.kind = 'hold' and h.source <> 'person'
  order by h.id desc
  limit 1
) e
left join consent_person p on p.workspace_id = s.workspace_id and p.id = e.id
left join contact_identity i on i.workspace_id = s.workspace_id and i.address_hash = s.address_hash
where s.workspace_id = %(workspace_id)s and s.held and (%(after)s::uuid is null or e.id > %(after)s::uuid)
order by e.id
limit %(limit)s;
