-- What a text can say of contacts: columns of rules/templates.Person after the contact's id; the phone is filled in from the identity.
select id, first_name, last_name, language, birthday, attributes
from contact
where workspace_id = %(workspace_id)s and id = any(%(contact_ids)s::uuid[]);
