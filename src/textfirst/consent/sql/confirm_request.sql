-- It was them: the request of an address that waits, of all or the one with `id`, is answered, once. Columns are rules.opting_in.confirmed_of; no row
-- when it was answered before, is too old, or they have stopped. Run consent/lock first: a YES and a STOP take turns.
with ended as (
  update consent_request r set ended_at = %(now)s
  where r.workspace_id = %(workspace_id)s and r.address_hash = %(address_hash)s::bytea and (%(id)s::uuid is null or r.id = %(id)s::uuid)
    and r.ended_at is null and r.expires_at > %(now)s::timestamptz
    and not exists (select from suppression p where p.workspace_id = %(workspace_id)s and p.address_hash = %(address_hash)s::bytea)
  returning r.*
)
select e.id, e.address_hash, e.language, e.shown, e.shown_any_hour, e.words, e.ip, e.user_agent, f.id, f.slug, f.keyword, f.scope, f.texts::text
from ended e join consent_form f on f.workspace_id = %(workspace_id)s and f.id = e.form_id
order by e.id
limit 1
