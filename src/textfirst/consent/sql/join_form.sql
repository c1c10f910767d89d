-- The form whose word somebody texted, and the language they are known to speak. Columns are rules.opting_in.form_of, then the language.
select f.id, f.slug, f.keyword, f.scope, f.texts::text, coalesce(c.language, '')
from consent_form f
left join contact c on c.workspace_id = %(workspace_id)s and c.id = %(contact_id)s::uuid
where f.workspace_id = %(workspace_id)s and f.keyword = %(word)s and f.enabled
