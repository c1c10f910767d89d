-- The exact words that people were shown, once for all who saw them.
insert into consent_text (workspace_id, id, text_hash, language, words)
values (%(workspace_id)s, %(id)s, %(text_hash)s, %(language)s, %(words)s)
on conflict (workspace_id, text_hash) do nothing
