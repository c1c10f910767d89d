-- What an automatic answer needs to know of its workspace.
select name, language, version from workspace where id = %(workspace_id)s;
